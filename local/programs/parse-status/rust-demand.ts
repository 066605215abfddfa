/** What a saved answer to `/status/queues` demands, by system and, where the .drv files are given, by required features. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
const statusSchema = z.object({
  queueRunner: z.object({
    queueStats: z.record(z.string(), z.object({ activeRunnable: z.int(), totalRunnable: z.int() })),
  }),
});

/** @throws ZodError when it is not an answer to `/status/queues`. @param store a folder with .drv files. */
export function demandIn(queues: string, store: string | undefined): Demand {
  const kinds = new Map<string, { runnable: number; running: number }>();
  for (const [system, steps] of Object.entries(queuesSchema.parse(JSON.parse(queues)).queues))
    for (const { drvPath, alreadyScheduled, finished, cancelled } of steps) {
      if (finished || cancelled) continue;
      const key = JSON.stringify([system, ...featuresOf(drvPath, store)]);
      const kind = kinds.get(key) ?? { runnable: 0, running: 0 };
      kinds.set(key, kind);
      kind[alreadyScheduled ? 'running' : 'runnable'] += 1;
    }
  return [...kinds].map(([key, counts]) => {
    const [system = '', ...features] = z.array(z.string()).parse(JSON.parse(key));
    return { system, ...counts, ...(store === undefined ? {} : { features }) };
  });
}

/** By system alone, from the status itself; nothing where it is none. */
export function demandOfSystems(status: string): Demand {
  const read = statusSchema.safeParse(JSON.parse(status));
  return Object.entries(read.data?.queueRunner.queueStats ?? {}).map(
    ([system, { activeRunnable, totalRunnable }]) => ({
      system,
      runnable: Math.max(0, totalRunnable - activeRunnable),
      running: activeRunnable,
    }),
  );
}

/** In the environment of the builder, or in its structured attributes. */
const PLAIN = /"requiredSystemFeatures","(?<words>[^"]*)"/;
const STRUCTURED = /requiredSystemFeatures\\":\[(?<words>[^\]]*)\]/;

function featuresOf(drvPath: string, store: string | undefined): readonly string[] {
  const path = store === undefined ? undefined : join(store, drvPath);
  if (path === undefined || !existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const words = (PLAIN.exec(text) ?? STRUCTURED.exec(text))?.groups?.['words'] ?? '';
  return [...new Set(words.split(/[\s\\",]+/).filter((word) => word !== ''))].toSorted();
}
