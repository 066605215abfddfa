/**
 * Runs the scripts of SSM commands for real, with /bin/sh on this machine. Every managed node has a directory of its own
 * under one root; programs in its `bin/` come before all others, which is how simulated ones take the place of real ones.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor, Kill, ScriptJob, ScriptOutcome } from '../region/ssm/executor.ts';

export interface ShellExecutorOptions {
  /** Directory that holds the nodes' directories; made when it is not there. */
  readonly root: string;
  /** Search path after the node's own `bin/`, such as that of this process. */
  readonly path: string;
  /** More environment of one node; the agent's own variables win. */
  readonly environment?: (instanceId: string) => Readonly<Record<string, string>>;
  /** Calls back after a time limit of so many seconds, unless cancelled. Real time, unless given. */
  readonly timer?: Timer;
}

export type Timer = (seconds: number, ring: () => void) => () => void;

/** Time limits in real time. @param patience how many times as long as they say they are. */
export const realTimer =
  (patience = 1): Timer =>
  (seconds, ring) => {
    const timer = setTimeout(ring, seconds * patience * 1000);
    return () => {
      clearTimeout(timer);
    };
  };

/** More than any reader of the output keeps; the rest of a runaway output is dropped. */
const OUTPUT_BYTES_MAX = 1024 * 1024;
const NODE_NAME = /^m?i-[0-9a-f]+$/;

export class ShellExecutor implements Executor {
  readonly #options: ShellExecutorOptions;

  constructor(options: ShellExecutorOptions) {
    this.#options = options;
  }

  /** The directory a node's scripts begin in; `bin/` lies in it. @throws RangeError for what is not a node's id */
  directory(instanceId: string): string {
    if (!NODE_NAME.test(instanceId)) throw new RangeError(`${instanceId} is no instance id`);
    const directory = join(this.#options.root, instanceId);
    mkdirSync(join(directory, 'bin'), { recursive: true });
    return directory;
  }

  /**
   * The script leads a process group of its own. At a time limit all of it is killed (SIGKILL, no SIGTERM, as the agent
   * does it); at the script's own end too, unlike the agent: nothing may stay behind on this machine.
   */
  run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): Kill {
    const directory = this.directory(job.instanceId);
    const { file, remove } = writeScript(directory, job);
    const [program, args] = job.script.startsWith('#!') ? [file, []] : ['/bin/sh', [file]];
    const child = spawn(program, args, {
      cwd: job.workingDirectory ?? directory,
      env: this.#environment(job, directory),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = new Capture(child.stdout);
    const stderr = new Capture(child.stderr);
    let cause: 'timed-out' | 'killed' | undefined;
    const end = (why: 'timed-out' | 'killed'): void => {
      cause ??= why;
      killGroup(child);
    };
    const { timer = realTimer() } = this.#options;
    const stopTimer = timer(job.timeoutSeconds, () => end('timed-out'));
    whenOver(child, (exitCode, note) => {
      stopTimer();
      remove();
      const output = { stdout: stdout.text, stderr: stderr.text + note };
      finish(cause === undefined ? { kind: 'exited', exitCode, ...output } : { kind: cause, ...output });
    });
    return () => end('killed');
  }

  #environment(job: ScriptJob, directory: string): NodeJS.ProcessEnv {
    return {
      HOME: directory,
      ...this.#options.environment?.(job.instanceId),
      ...job.environment,
      PATH: `${join(directory, 'bin')}:${this.#options.path}`,
    };
  }
}

const NOT_STARTED_CODE = 127;
const KILLED_CODE = 137;
/** How long the output of a script that has ended may stay open; only what has left its process group can do that. */
const OPEN_OUTPUT_MILLISECONDS = 500;

/** The agent, too, gives the shell a file, so that a first-line shebang counts. */
function writeScript(
  directory: string,
  job: ScriptJob,
): { readonly file: string; readonly remove: () => void } {
  const folder = join(directory, '.ssm', job.commandId);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, '_script.sh');
  writeFileSync(file, job.script, { mode: 0o700 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Tells the exit code once, when the script has ended and all of its output is here. */
function whenOver(child: ChildProcess, conclude: (exitCode: number, note: string) => void): void {
  let isOver = false;
  const once = (exitCode: number, note = ''): void => {
    if (isOver) return;
    isOver = true;
    conclude(exitCode, note);
  };
  child.once('error', (error) => once(NOT_STARTED_CODE, `${error.message}\n`));
  child.once('exit', (code) => {
    killGroup(child);
    const exitCode = code ?? KILLED_CODE;
    child.once('close', () => once(exitCode));
    setTimeout(() => once(exitCode), OPEN_OUTPUT_MILLISECONDS);
  });
}

/** The beginning of what a stream carries. */
class Capture {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(stream: NodeJS.ReadableStream) {
    stream.on('data', (chunk: Buffer) => {
      const wanted = chunk.subarray(0, OUTPUT_BYTES_MAX - this.#bytes);
      this.#bytes += wanted.length;
      if (wanted.length > 0) this.#chunks.push(wanted);
    });
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** Kills the script and everything it has started; nothing happens when all of that has ended. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the group is empty.
  }
}
