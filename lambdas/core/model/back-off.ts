/** What is left alone after something went wrong there, and until when. */
import * as z from 'zod';
import { marketSchema, poolSchema } from './pool.ts';
import { countSchema, idSchema, noted, secondsSchema } from './scalars.ts';

export const causeSchema = z.enum(['refused', 'never-ready', 'ended', 'taken']);
/**
 * What went wrong: AWS refused a launch or start; a machine never got ready; it ended by itself; or AWS took a spot machine.
 * Only the same kind makes the next rest longer, and each kind is ended by a success of its own.
 */
export type Cause = z.infer<typeof causeSchema>;

export const backOffSchema = z
  .object({
    type: idSchema,
    pool: poolSchema.exactOptional(),
    /** Set where all pools of one market rest together. */
    market: marketSchema.exactOptional(),
    failures: countSchema,
    until: secondsSchema,
    /** When it went wrong last; absent in records of versions before there was a retry. */
    at: secondsSchema.exactOptional(),
    /** At most `REASON_CHARACTERS`. */
    reason: z.string(),
    /** Absent in records of older versions: `never-ready` where there is a trial, else `refused`. */
    cause: causeSchema.exactOptional(),
    /** The machines themselves failed: when it ends, one at a time is launched until one does better. */
    trial: noted,
  })
  .readonly();
/** A pool, a market (of a type), or with neither a whole machine type, that is left alone for a while. */
export type BackOff = z.infer<typeof backOffSchema>;
