/** Evaluations of jobsets, by which builds are known to come before they are queued. */
import * as z from 'zod';
import { countSchema, idSchema, secondsSchema } from './scalars.ts';

const text = z.string();

export const harvestSchema = z
  .object({
    /** When its builds were queued. */
    at: secondsSchema,
    /** What fetching the inputs and evaluating took. */
    seconds: z.number().min(0),
    /** The builds that it brought and that were not built already, by kind. */
    kinds: z
      .array(z.object({ system: text, features: z.array(text).readonly(), builds: countSchema }).readonly())
      .readonly(),
  })
  .readonly();
/** What one evaluation of a jobset brought. */
export type Harvest = z.infer<typeof harvestSchema>;

export const evaluationSchema = z
  .object({
    /** As Hydra names it, `PROJECT:JOBSET`. */
    jobset: text,
    /** Since when it is being evaluated; absent where it is not any more. */
    since: secondsSchema.exactOptional(),
    /** When an evaluation of it last ended. Absent before the first. */
    endedAt: secondsSchema.exactOptional(),
    /** The latest evaluations that brought anything, the last one first; at most three. */
    harvests: z.array(harvestSchema).readonly(),
  })
  .readonly();
/** A jobset that is being evaluated, or was until a moment ago. */
export type Evaluation = z.infer<typeof evaluationSchema>;

export const noticeSchema = z
  .object({
    /** Of the look. */
    at: secondsSchema,
    evaluations: z.array(evaluationSchema).readonly(),
  })
  .readonly();
/** What a look tells of evaluations; all its times are of the Hydra host's clock. */
export type Notice = z.infer<typeof noticeSchema>;

export const jobsetSchema = z
  .object({
    jobset: idSchema,
    /** Begin of the evaluation that machines could be launched for, until it is known what came of it. */
    since: secondsSchema.exactOptional(),
    /** How many such evaluations have ended, and how many of them brought builds. */
    ended: countSchema,
    fruitful: countSchema,
  })
  .readonly();
/** How often evaluations of a jobset, of those that lasted until machines could be launched for them, bring builds. */
export type Jobset = z.infer<typeof jobsetSchema>;
