/** What a saved answer to `/status/queues` demands, by system and, where the .drv files are given, by required features. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { demandOfQueues } from '../../world/rust-runner/queue-demand.ts';

type Demand = RustAnswer['demand'];

const statusSchema = z.object({
  queueRunner: z.object({
    queueStats: z.record(z.string(), z.object({ activeRunnable: z.int(), totalRunnable: z.int() })),
  }),
});

/** @throws ZodError when it is not an answer to `/status/queues`. @param store a folder with .drv files. */
export const demandIn = (queues: string, store: string | undefined): Demand =>
  demandOfQueues(queues, store === undefined ? undefined : (drvPath) => featuresOf(drvPath, store));

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

function featuresOf(drvPath: string, store: string): readonly string[] {
  const path = join(store, drvPath);
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const words = (PLAIN.exec(text) ?? STRUCTURED.exec(text))?.groups?.['words'] ?? '';
  return [...new Set(words.split(/[\s\\",]+/).filter((word) => word !== ''))].toSorted();
}
