/** `npm run scenario` as a person or a script runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { begin } from './program.ts';
import type { Ended } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'scenario-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ended> => begin(directory, 'scenario', ...args).ended;

/** Writes a story of six minutes; returns its path. */
function write(name: string, content: object): string {
  const file = path.join(directory, name);
  const config = { systemTypes: { 'x86_64-linux': { maxMachines: 2, runnablesPerMachine: 2 } } };
  writeFileSync(file, JSON.stringify({ config, hours: 0.1, ...content }));
  return file;
}

it('plays one file after the other and prints a line for each', async () => {
  writeFileSync(path.join(directory, 'queue.csv'), 'arrival_s,system,duration_s\n240,x86_64-linux,60\n');
  const good = write('good.json', {
    trace: 'queue.csv',
    expect: { launches: 1, firstLaunchAfter: { max: 70 } },
  });
  const bad = write('bad.json', { name: 'b', expect: { launches: 1, buildsDone: 0 } });
  const { code, stdout, stderr } = await run(good, bad);
  const [first, second, ...more] = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(first).toMatchObject({ name: 'good', ok: true, failed: [], violations: [], problems: {} });
  expect(second).toMatchObject({
    name: 'b',
    ok: false,
    failed: [{ what: 'launches', wanted: 1, got: 0 }],
    facts: { buildsDone: 0 },
  });
  expect({ code, stderr, more }).toEqual({ code: 1, stderr: '', more: [] });
});

it('tells every mistake of every file, and plays the others', async () => {
  const good = write('good.json', {});
  const wrong = write('wrong.json', {
    hours: 1,
    events: [
      { t: 9999, do: 'untag', machines: 'all' },
      { t: 1, do: 'x' },
    ],
  });
  const { code, stdout, stderr } = await run(wrong, path.join(directory, 'none.json'), good);
  expect(code).toBe(2);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/wrong\.json has 2 mistakes:\n {2}events\.1\.do: unknown event "x"/);
  expect(stderr).toMatch(/ {2}events\.0\.t: is beyond the 1 hours/);
  expect(stderr).toMatch(/none\.json has a mistake:\n {2}\(the whole file\): cannot be read/);
});

it('tells the story to people who ask for it, and ends with the same line', async () => {
  const events = [{ t: 60, do: 'queue', count: 2, system: 'x86_64-linux', seconds: 30 }];
  const { code, stdout } = await run('--verbose', write('told.json', { why: 'to be read', events }));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^told, 0\.1 h\n {2}to be read\n/);
  expect(stdout).toMatch(/\n {2}0:01:00 {2}story {4}queue: count 2/);
  expect(stdout).toMatch(/told came out as expected/);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ name: 'told', ok: true });
});
