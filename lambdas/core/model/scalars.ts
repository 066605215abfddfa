/** What records are made of: instants, counts, ids, and proofs of having seen something. */
import * as z from 'zod';

/** Beyond this a JavaScript number is not exact and DynamoDB's marshaller refuses it. */
export const secondsSchema = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
export const countSchema = z.int().min(0);
export const idSchema = z.string().min(1);
/** A fact that is noted where it holds, and absent otherwise. */
export const noted = z.literal(true).exactOptional();

/**
 * A record some of whose fields had other names in the version before this one: they are read under either, so that a
 * deployment finds what its predecessor stored. With the next version the former names go.
 * @param former today's names by the former ones.
 */
export const renamedFrom = <Schema extends z.ZodType>(
  former: Readonly<Record<string, string>>,
  schema: Schema,
): z.ZodPreprocess<Schema> =>
  z.preprocess((stored) => {
    if (typeof stored !== 'object' || stored === null) return stored;
    return Object.fromEntries(Object.entries(stored).map(([name, value]) => [former[name] ?? name, value]));
  }, schema);

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
