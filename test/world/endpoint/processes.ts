/** Looking after the processes that scripts start. */
import { existsSync, readFileSync } from 'node:fs';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Waits until a process has ended. */
export async function gone(pid: number): Promise<void> {
  if (!(pid > 1)) throw new RangeError(`${pid} is no process of a script`);
  while (isAlive(pid)) await pause();
}

/** Waits until the script has written this file. */
export async function written(file: string): Promise<string> {
  while (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') {
    await pause();
  }
  return readFileSync(file, 'utf8').trim();
}
