/** What an answer to `/status/queues` demands, as the document `observe` counts it on the host. */
import * as z from 'zod';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';

type Demand = RustAnswer['demand'];

const stepSchema = z.object({
  drvPath: z.string(),
  alreadyScheduled: z.boolean(),
  finished: z.boolean(),
  cancelled: z.boolean(),
});
const queuesSchema = z.object({ queues: z.record(z.string(), z.array(stepSchema)) });

/** What a derivation requires, sorted. @param drvPath its name, as the queue runner says it. */
export type FeaturesOf = (drvPath: string) => readonly string[];

/**
 * Steps by their systems and, where the derivations can be read, by what they require; those that are over or that nobody
 * wants any more are left out.
 * @throws ZodError when it is no answer to `/status/queues`.
 */
export function demandOfQueues(queues: string, featuresOf: FeaturesOf | undefined): Demand {
  const kinds = new Map<string, { runnable: number; running: number }>();
  for (const [system, steps] of Object.entries(queuesSchema.parse(JSON.parse(queues)).queues))
    for (const { drvPath, alreadyScheduled, finished, cancelled } of steps) {
      if (finished || cancelled) continue;
      const key = [system, ...(featuresOf?.(drvPath) ?? [])].join(' ');
      const kind = kinds.get(key) ?? { runnable: 0, running: 0 };
      kinds.set(key, kind);
      kind[alreadyScheduled ? 'running' : 'runnable'] += 1;
    }
  return [...kinds].map(([key, counts]) => {
    const [system = '', ...features] = key.split(' ');
    return { system, ...counts, ...(featuresOf !== undefined && { features }) };
  });
}
