/**
 * No process outlives the tests that started it. A keeper beside each worker knows the worker's children; when the worker
 * is gone, however it went, the keeper's standard input ends, and it ends them.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('leash-keeper.ts', import.meta.url));
/** Set-up files are run for every test file; one keeper is enough for all of a process. */
const HELD = Symbol.for('hydra-autoscaler: children are on the leash');

/** From now on puts every child process of this process on the leash. Doing so twice changes nothing. */
export function holdChildren(): void {
  if (HELD in process) return;
  Object.assign(process, { [HELD]: true });
  // A process group of its own: Ctrl-C at the terminal ends the worker, and then the keeper has work to do.
  const keeper = spawn(process.execPath, [KEEPER], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  keeper.unref();
  const { stdin } = keeper;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  // Where the keeper is ended first, no process is to be kept.
  stdin.on('error', () => undefined);
  subscribe('child_process', (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    child.once('spawn', () => stdin.write(`hold ${String(child.pid)}\n`));
    child.once('exit', () => stdin.write(`free ${String(child.pid)}\n`));
  });
}
