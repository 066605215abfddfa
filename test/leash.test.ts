import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { gone } from './world/endpoint/processes.ts';

/** A worker with two children that would sleep for an hour, one of them in a process group of its own and deaf to SIGTERM. */
const WORKER = `
  import { spawn } from 'node:child_process';
  import { holdChildren } from './test/leash.ts';
  holdChildren();
  const plain = spawn('sleep', ['3600']);
  const deaf = spawn('/bin/sh', ['-c', 'trap "" TERM; echo deaf; sleep 3600 & wait; sleep 3600'], { detached: true });
  deaf.stdout.once('data', () => console.log(plain.pid + ' ' + deaf.pid));
`;

it('children end with their worker, however it ends', async () => {
  const worker = spawn(process.execPath, ['--input-type=module-typescript', '--eval', WORKER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: worker.stdout }), 'line')) as [string];
  const children = line.split(' ').map(Number);
  expect(children).toHaveLength(2);
  worker.kill('SIGKILL');
  await Promise.all(children.map(gone));
});
