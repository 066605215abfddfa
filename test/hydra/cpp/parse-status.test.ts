/** The command as people run it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CAPTURES } from './answers.ts';

const ROOT = join(import.meta.dirname, '../../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parse-status-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): { lines: Record<string, unknown>[]; stderr: string; status: number | null } {
  const done = spawnSync(process.execPath, ['local/programs/parse-status.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const lines = done.stdout.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line)), stderr: done.stderr, status: done.status };
}

test('one line a readable file, exit code and clock from captures.log, exit 1 for the unreadable one', () => {
  const file = (name: string): string => join(CAPTURES, `${name}.json`);
  const names = ['machine-removed-while-building', 'hung-queue-runner', 'missing', 'down-after-unlock'];
  const { lines, stderr, status } = run(...names.map(file));
  expect(status).toBe(1);
  expect(stderr).toMatch(/missing\.json cannot be read: ENOENT/);
  expect(lines).toEqual([
    {
      file: file('machine-removed-while-building'),
      trusted: true,
      reason: 'up for 270 s',
      runnable: expect.objectContaining({
        'x86_64-linux': 193,
        'x86_64-linux:kvm,nixos-test': 6,
        'i686-linux': 0,
      }),
      running: expect.objectContaining({
        'x86_64-linux': 3,
        'x86_64-linux:kvm,nixos-test': 2,
        'i686-linux': 1,
      }),
      machines: [
        { host: '127.0.0.11', listed: false, currentJobs: 4 },
        { host: '127.0.0.12', listed: true, currentJobs: 2 },
        { host: '127.0.0.13', listed: true, currentJobs: 2 },
      ],
    },
    expect.objectContaining({
      trusted: false,
      reason: expect.stringMatching(/^stale: .*12 s ago/),
      runnable: expect.objectContaining({ 'x86_64-linux': 158 }),
    }),
    expect.objectContaining({
      trusted: false,
      reason: expect.stringMatching(/^down: /),
      runnable: {},
      machines: [],
    }),
  ]);
});

test('without captures.log: stderr tells a hung runner, else it is believed at its own time', () => {
  const copy = (name: string): string => {
    cpSync(join(CAPTURES, name), join(folder, name));
    return join(folder, name);
  };
  copy('hung-queue-runner.stderr');
  const { lines, status } = run(copy('hung-queue-runner.json'), copy('idle-with-machines.json'));
  expect(status).toBe(0);
  expect(lines).toMatchObject([{ trusted: false }, { trusted: true }]);
  expect(lines[1]?.['machines']).toContainEqual({
    host: '127.0.0.19',
    listed: true,
    currentJobs: 0,
    idleSince: 1795140621,
    disabledUntil: 1795140813,
  });
});

test('options win over what lies beside the file', () => {
  const file = join(CAPTURES, 'idle-with-machines.json');
  expect(run(file, '--exit-code', '1').lines).toMatchObject([
    { trusted: false, reason: expect.stringMatching(/^stale: .*exit code 1/) },
  ]);
  expect(run('--host-time', '1', file).lines).toMatchObject([
    { trusted: false, reason: expect.stringMatching(/^stale: .* ahead of/) },
  ]);
});
