/** What is wrong, and what a person can do about it. */
import * as z from 'zod';

/** Entries of the journal from older versions have a line of text in its place. */
export const problemSchema = z.preprocess(
  (written) => (typeof written === 'string' ? { says: written } : written),
  z
    .object({
      /** One sentence without a full stop. */
      says: z.string(),
      /** Absent where nobody can do anything, or it is not known what. */
      remedy: z.string().exactOptional(),
    })
    .readonly(),
);
/** What is wrong, and what a person can do about it. */
export type Problem = z.infer<typeof problemSchema>;
