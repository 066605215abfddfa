/** The command as people run it on answers of the Rust queue runner. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CAPTURES } from './given.ts';

const ROOT = join(import.meta.dirname, '../../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parse-status-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): { stdout: string; status: number | null } {
  const { stdout, status } = spawnSync(process.execPath, ['local/programs/parse-status.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { stdout, status };
}

const lines = (...args: string[]): unknown[] =>
  run(...args)
    .stdout.trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const NAMES = readdirSync(CAPTURES).filter((name) => name.endsWith('.status.json'));

test('every capture is read: trusted or why not, steps by kind, machines open or closed with their jobs', () => {
  const read = lines(...NAMES.map((name) => join(CAPTURES, name)));
  expect(read).toHaveLength(NAMES.length);
  expect(read).toContainEqual({
    file: join(CAPTURES, '06-cordoned-while-building.status.json'),
    runner: 'rust',
    trusted: true,
    reason: 'up for 198 s',
    runnable: { 'aarch64-linux': 4, 'x86_64-linux': 28 },
    running: { 'aarch64-linux': 0, 'x86_64-linux': 2 },
    machines: [{ host: 'i-0b1', open: false, currentJobs: 2, silentSeconds: 0 }],
    troubles: [],
  });
});

test('with the .drv files steps are told apart by their features, in either form', () => {
  const queued = (drvPath: string) => ({
    drvPath,
    alreadyScheduled: false,
    finished: false,
    cancelled: false,
  });
  cpSync(join(CAPTURES, '05-running-saturated.status.json'), join(folder, 'a.status.json'));
  writeFileSync(
    join(folder, 'a.status-queues.json'),
    JSON.stringify({
      queues: { 'x86_64-linux': [queued('a.drv'), queued('b.drv'), queued('c.drv'), queued('gone.drv')] },
    }),
  );
  writeFileSync(join(folder, 'a.drv'), '[("requiredSystemFeatures","nixos-test kvm")]');
  writeFileSync(join(folder, 'b.drv'), String.raw`{\"requiredSystemFeatures\":[\"kvm\",\"nixos-test\"]}`);
  writeFileSync(join(folder, 'c.drv'), '[("name","c")]');
  expect(lines(join(folder, 'a.status.json'), '--store', folder)).toMatchObject([
    { runnable: { 'x86_64-linux': 2, 'x86_64-linux:kvm,nixos-test': 2 } },
  ]);
  expect(lines(join(folder, 'a.status.json'))).toMatchObject([{ runnable: { 'x86_64-linux': 4 } }]);
});

test('as a page for people', () => {
  const { stdout } = run(join(CAPTURES, '18-unsupported-before-limit.status.json'), '--pretty');
  expect(stdout).toMatch(/machine +jobs +open +state/);
  expect(stdout).toMatch(/i-0b3 +2 +yes +silent for 580 s/);
  expect(stdout).toContain('12 steps hang on machines');
});
