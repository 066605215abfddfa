/** A program of `local/cli` as a process of its own, with a temporary directory of its own. */
import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when the program has printed something. */
  readonly speaks: Promise<string>;
}

export function begin(directory: string, program: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [`local/cli/${program}.ts`, ...args], {
    env: { ...process.env, TMPDIR: directory },
  });
  let [stdout, stderr] = ['', ''];
  const speaks = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      resolve(stdout);
    });
  });
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
