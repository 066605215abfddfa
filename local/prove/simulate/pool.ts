/** Many seeds at once, on as many threads as there are processors; the outcomes come in the order of the seeds. */
import { onThreads } from '../threads.ts';
import type { Outcome } from './outcome.ts';
import type { SimulateOptions } from './simulate.ts';

export interface PoolOptions {
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly optionsFor: (seed: number) => SimulateOptions;
  /** Told of every outcome, in the order of the seeds. */
  readonly finished: (outcome: Outcome) => void;
}

/** @throws Error when a run fails by itself, which no fault may make it do. */
export const simulateAll = ({ seeds, threads, optionsFor, finished }: PoolOptions): Promise<void> =>
  onThreads<SimulateOptions, Outcome>({
    worker: new URL('./worker.ts', import.meta.url),
    tasks: seeds.map(optionsFor),
    threads,
    nameOf: ({ seed }) => `seed ${seed}`,
    finished,
  });
