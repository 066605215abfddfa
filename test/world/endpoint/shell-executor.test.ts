import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realTimer, ShellExecutor } from '../../../local/world/endpoint/shell-executor.ts';
import type { Kill, ScriptJob, ScriptOutcome } from '../../../local/world/region/ssm/executor.ts';
import { HOST } from '../region/bench.ts';
import { gone, written } from './processes.ts';

let root: string;
let executor: ShellExecutor;
/** Ends the time of the script that was started last, and how much it had, in seconds. */
let [timeIsUp, limit] = [(): void => undefined, 0];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shell executor '));
  executor = new ShellExecutor({
    root,
    path: '/usr/bin:/bin',
    environment: (instanceId) => ({ NODE: instanceId, SSM_COMMAND_ID: 'overridden' }),
    timer: (seconds, ring) => {
      timeIsUp = ring;
      limit = seconds;
      return () => undefined;
    },
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Starts a script; `outcome` is how it ends. */
function start(
  script: string,
  job: Partial<ScriptJob> = {},
): { kill: Kill; outcome: Promise<ScriptOutcome> } {
  let kill: Kill = () => undefined;
  const outcome = new Promise<ScriptOutcome>((resolve) => {
    const all = {
      commandId: 'c-1',
      instanceId: HOST,
      timeoutSeconds: 1000,
      environment: { SSM_COMMAND_ID: 'c-1' },
    };
    kill = executor.run({ ...all, script, ...job }, resolve);
  });
  return { kill, outcome };
}

const run = (script: string, job: Partial<ScriptJob> = {}): Promise<ScriptOutcome> =>
  start(script, job).outcome;

describe('a script', () => {
  it('ends with its last command’s code, as there is no set -e', async () => {
    expect(await run('false\necho out; echo err >&2')).toEqual({
      kind: 'exited',
      exitCode: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await run('exit 7')).toMatchObject({ exitCode: 7 });
    expect(await run('no-such-program-anywhere')).toMatchObject({ exitCode: 127 });
    expect(await run('kill -9 $$')).toMatchObject({ kind: 'exited', exitCode: 137 });
  });

  it('begins in its node’s directory, with its node’s environment and nothing of ours', async () => {
    const { stdout } = await run('pwd; env | sort');
    const directory = executor.directory(HOST);
    expect(stdout.split('\n')[0]).toBe(directory);
    expect(stdout).toContain(`PATH=${directory}/bin:/usr/bin:/bin\n`);
    expect(stdout).toContain(`NODE=${HOST}\n`);
    expect(stdout).toContain('SSM_COMMAND_ID=c-1\n');
    expect(stdout).not.toContain('VITEST');
  });

  it('has a shebang honoured, and a missing interpreter is its failure', async () => {
    expect(await run('#!/bin/cat\nmyself')).toMatchObject({ exitCode: 0, stdout: '#!/bin/cat\nmyself' });
    const missing = await run('#!/bin/no-such-shell\ntrue');
    expect(missing).toMatchObject({ kind: 'exited', exitCode: 127 });
    expect(missing.stderr).toContain('ENOENT');
  });

  it('loses nothing of a large output, and the end of an endless one', async () => {
    expect((await run('head -c 500000 /dev/zero')).stdout).toHaveLength(500_000);
    expect((await run('head -c 5000000 /dev/zero')).stdout).toHaveLength(1024 * 1024);
  });

  it('is killed at its time limit with everything it has started', async () => {
    const file = join(executor.directory(HOST), 'pid');
    const { outcome } = start(`sleep 600 & echo $! > '${file}'; echo begun; sleep 600`, {
      timeoutSeconds: 10,
    });
    const pid = Number(await written(file));
    expect(limit).toBe(10);
    timeIsUp();
    expect((await outcome).kind).toBe('timed-out');
    await gone(pid);
  });

  it('cannot put off its end by a signal handler', async () => {
    const file = join(executor.directory(HOST), 'deaf');
    const { outcome } = start(`trap '' TERM INT HUP; echo yes > '${file}'; sleep 600`);
    await written(file);
    timeIsUp();
    expect((await outcome).kind).toBe('timed-out');
  });

  it('is killed when that is asked for; asking later does nothing', async () => {
    const file = join(executor.directory(HOST), 'pid');
    const { kill, outcome } = start(`echo $$ > '${file}'; sleep 600`);
    const pid = Number(await written(file));
    kill();
    expect((await outcome).kind).toBe('killed');
    await gone(pid);
    kill();
  });

  it('leaves nothing running behind it, nor its own file', async () => {
    const { stdout } = await run('sleep 600 >/dev/null 2>&1 & echo $!');
    await gone(Number(stdout));
    expect(existsSync(join(executor.directory(HOST), '.ssm', 'c-1'))).toBe(false);
  });

  it('is not waited for by what has left its process group', async () => {
    const outcome = await run('setsid sleep 3 & echo done');
    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0, stdout: 'done\n' });
  });
});

it('time limits are real ones, as many times as long as is asked for', () => {
  vi.useFakeTimers();
  const rung: string[] = [];
  realTimer()(15, () => rung.push('one'));
  realTimer(40)(15, () => rung.push('forty'));
  const stop = realTimer()(15, () => rung.push('none'));
  stop();
  vi.advanceTimersByTime(15_000);
  expect(rung).toEqual(['one']);
  vi.advanceTimersByTime(39 * 15_000);
  expect(rung).toEqual(['one', 'forty']);
  vi.useRealTimers();
});

it('directories belong to node ids only', () => {
  expect(executor.directory('i-0123456789abcdef0')).toBe(join(root, 'i-0123456789abcdef0'));
  expect(() => executor.directory('../elsewhere')).toThrow(RangeError);
  expect(() => executor.directory('i-1/../../x')).toThrow(RangeError);
});
