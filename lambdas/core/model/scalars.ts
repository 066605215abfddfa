/** What records are made of: instants, counts, ids, and proofs of having seen something. */
import * as z from 'zod';

/** Beyond this a JavaScript number is not exact and DynamoDB's marshaller refuses it. */
export const secondsSchema = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
export const countSchema = z.int().min(0);
export const idSchema = z.string().min(1);
/** A fact that is noted where it holds, and absent otherwise. */
export const noted = z.literal(true).exactOptional();

/** A point in time, in seconds since the Unix epoch. Fractions are allowed. */
export type EpochSeconds = z.infer<typeof secondsSchema>;

export const sightingSchema = z
  .object({
    /** The function's clock. */
    at: secondsSchema,
    /** The Hydra host's clock. */
    hostAt: secondsSchema,
  })
  .readonly();

/** Proof, on both clocks, that something was seen at one moment. Skewed clocks are compared only with themselves. */
export type Sighting = z.infer<typeof sightingSchema>;
