/** What is remembered of the watch on the Hydra host. */
import * as z from 'zod';
import { problemSchema } from './problem.ts';
import { countSchema, idSchema, secondsSchema } from './scalars.ts';

export const watchSchema = z
  .object({
    /** Of the command. Absent where none could be left. */
    id: idSchema.exactOptional(),
    /** When it was left, and how long it waits at most. */
    since: secondsSchema,
    until: secondsSchema,
    /** How many ticks in a row a watch has woken for nothing. */
    inVain: countSchema,
    /** Why none could be left. */
    problem: problemSchema.exactOptional(),
  })
  .readonly();
export type Watch = z.infer<typeof watchSchema>;
