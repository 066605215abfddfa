/** What is asked of EC2, remembered until it has answered. */
import * as z from 'zod';
import { poolSchema } from './pool.ts';
import { runnerKindSchema } from './queue.ts';
import { countSchema, idSchema, secondsSchema } from './scalars.ts';

export const launchSchema = z
  .object({
    id: idSchema,
    type: idSchema,
    /** Machines asked for. */
    count: countSchema,
    pools: z.array(poolSchema).readonly(),
    /** Instance types that EC2 must leave out, where it chooses; absent for none. */
    without: z.array(z.string()).readonly().exactOptional(),
    requestedAt: secondsSchema,
    /** The queue runner its machines are for. Absent for the C++ one. */
    runner: runnerKindSchema.exactOptional(),
  })
  .readonly();
/** One launch request, saved before it is sent and forgotten when EC2 has answered. Its id is the idempotency token and a tag of every instance. */
export type Launch = z.infer<typeof launchSchema>;
