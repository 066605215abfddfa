/** Many tasks at once, on as many threads as are wanted; the results come in the order of the tasks. */
import { parentPort, Worker } from 'node:worker_threads';

type Reply<Result> = { readonly result: Result } | { readonly error: string };

export interface ThreadsOptions<Task, Result> {
  /** A module that calls {@link serveTasks}. */
  readonly worker: URL;
  readonly tasks: readonly Task[];
  readonly threads: number;
  /** What to call a task where it fails. */
  readonly nameOf: (task: Task) => string;
  /** Told of every result, in the order of the tasks. */
  readonly finished: (result: Result, task: Task) => void;
}

/** @throws Error when a task fails. */
export async function onThreads<Task, Result>(options: ThreadsOptions<Task, Result>): Promise<void> {
  const { tasks, finished } = options;
  const queue = tasks.entries();
  const waiting = new Map<number, { readonly result: Result; readonly task: Task }>();
  let told = 0;
  const finish = (index: number, result: Result, task: Task): void => {
    waiting.set(index, { result, task });
    for (let next = waiting.get(told); next !== undefined; next = waiting.get(told)) {
      waiting.delete(told);
      told += 1;
      finished(next.result, next.task);
    }
  };
  const work = async (): Promise<void> => {
    const worker = new Worker(options.worker);
    try {
      for (const [index, task] of queue) finish(index, await ask(worker, task, options), task);
    } finally {
      await worker.terminate();
    }
  };
  const threads = Math.max(1, Math.min(options.threads, tasks.length));
  await Promise.all(Array.from({ length: threads }, work));
}

function ask<Task, Result>(
  worker: Worker,
  task: Task,
  { nameOf }: ThreadsOptions<Task, Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(new Error(`${nameOf(task)}: ${error.message}`, { cause: error }));
    };
    worker.once('error', failed);
    worker.once('message', (reply: Reply<Result>) => {
      worker.off('error', failed);
      if ('result' in reply) resolve(reply.result);
      else failed(new Error(reply.error));
    });
    worker.postMessage(task);
  });
}

/** Makes the module this is called in one that does one task after another, as it is told. @throws outside a thread. */
export function serveTasks<Task, Result>(work: (task: Task) => Promise<Result>): void {
  const port = parentPort;
  if (port === null) throw new Error('this file runs as a worker thread');
  port.on('message', (task: Task) => {
    work(task).then(
      (result) => {
        port.postMessage({ result });
      },
      (error: unknown) => {
        port.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      },
    );
  });
}
