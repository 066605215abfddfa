/** A thread that simulates one seed after another, as it is told. */
import { parentPort } from 'node:worker_threads';
import { simulate } from './simulate.ts';
import type { SimulateOptions } from './simulate.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
port.on('message', (options: SimulateOptions) => {
  simulate(options).then(
    (outcome) => {
      port.postMessage({ outcome });
    },
    (error: unknown) => {
      port.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    },
  );
});
