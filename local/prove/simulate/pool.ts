/** Many seeds at once, on as many threads as there are processors; the outcomes come in the order of the seeds. */
import { Worker } from 'node:worker_threads';
import type { Outcome } from './outcome.ts';
import type { SimulateOptions } from './simulate.ts';

type Reply = { readonly outcome: Outcome } | { readonly error: string };

export interface PoolOptions {
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly optionsFor: (seed: number) => SimulateOptions;
  /** Told of every outcome, in the order of the seeds. */
  readonly finished: (outcome: Outcome) => void;
}

/** @throws Error when a run fails by itself, which no fault may make it do. */
export async function simulateAll(options: PoolOptions): Promise<void> {
  const queue = options.seeds.entries();
  const waiting = new Map<number, Outcome>();
  let told = 0;
  const finish = (index: number, outcome: Outcome): void => {
    waiting.set(index, outcome);
    for (let next = waiting.get(told); next !== undefined; next = waiting.get(told)) {
      waiting.delete(told);
      told += 1;
      options.finished(next);
    }
  };
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (const [index, seed] of queue) finish(index, await ask(worker, options.optionsFor(seed)));
    } finally {
      await worker.terminate();
    }
  };
  const threads = Math.max(1, Math.min(options.threads, options.seeds.length));
  await Promise.all(Array.from({ length: threads }, work));
}

function ask(worker: Worker, options: SimulateOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(new Error(`seed ${options.seed}: ${error.message}`, { cause: error }));
    };
    worker.once('error', failed);
    worker.once('message', (reply: Reply) => {
      worker.off('error', failed);
      if ('outcome' in reply) resolve(reply.outcome);
      else failed(new Error(reply.error));
    });
    worker.postMessage(options);
  });
}
