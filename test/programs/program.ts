/** A program of `local/programs` as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when the program has printed something; fails when it ends without. */
  readonly speaks: Promise<string>;
}

/** Where and how a program runs; what is not named is as here, and it has nothing to read. */
export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
}

const PROGRAMS = join(import.meta.dirname, '../../local/programs');

/** With a temporary directory of its own. */
export const begin = (directory: string, program: string, ...args: readonly string[]): Running =>
  launch(program, args, { env: { ...process.env, TMPDIR: directory } });

export function launch(program: string, args: readonly string[], surroundings: Surroundings = {}): Running {
  const { input = '', ...options } = surroundings;
  const child = spawn(process.execPath, [join(PROGRAMS, `${program}.ts`), ...args], options);
  child.stdin.end(input);
  let [stdout, stderr] = ['', ''];
  const speaks = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      resolve(stdout);
    });
    child.once('close', () => {
      reject(new Error(`${program} said nothing: ${stderr}`));
    });
  });
  // A caller that only waits for the end does not mind.
  speaks.catch(() => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { ended, speaks, signal: (name) => child.kill(name) };
}
