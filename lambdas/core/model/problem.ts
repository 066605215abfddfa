/** What is wrong, and what a person can do about it. */
import * as z from 'zod';

export const problemFields = {
  /** One sentence without a full stop. */
  says: z.string(),
  /** Absent where nobody can do anything, or it is not known what. */
  remedy: z.string().exactOptional(),
};

/** The version before this one kept a line of text in its place. */
export const problemSchema = z.preprocess(
  (stored) => (typeof stored === 'string' ? { says: stored } : stored),
  z
    .object({
      ...problemFields,
      /** A denial as AWS encodes it, whole, for `aws sts decode-authorization-message`; kilobytes. */
      encoded: z.string().exactOptional(),
    })
    .readonly(),
);
export type Problem = z.infer<typeof problemSchema>;
