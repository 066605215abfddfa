/** `npm run bench -- policy` as a person or a script runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PEERS } from '../../local/prove/peers/peers.ts';
import { begin } from './program.ts';
import type { Ended } from './program.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'bench-policy-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ended> =>
  begin(directory, 'bench', 'policy', ...args).ended;

/** Made up: two batches of an hour. */
function trace(): string {
  const file = path.join(directory, 'two-batches.csv');
  const rows = [
    ...Array.from({ length: 12 }, () => '0,x86_64-linux,900'),
    ...Array.from({ length: 5 }, () => '2500,x86_64-linux,300'),
  ];
  writeFileSync(file, ['arrival_s,system,duration_s', ...rows, ''].join('\n'));
  return file;
}

const KEYS = ['trace', 'policy', 'billing', 'setting', 'hours', 'workBoundRatio', 'workWeightedWait'].concat([
  'meanWait',
  'p50',
  'p95',
  'maxWait',
  'starts',
  'peak',
]);

describe('npm run bench -- policy', () => {
  it('prints a line a trace, policy, billing and setting, and a summary line', async () => {
    const { code, stdout } = await run(
      trace(),
      '--json',
      '--values',
      '600',
      '--clocks',
      '300',
      '--threads',
      '1',
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const rows = lines.slice(0, -1);
    for (const row of rows) expect(Object.keys(row)).toEqual(KEYS);
    const names = ['ours', ...PEERS.map(({ name }) => name)];
    const expected = names.flatMap((name) => [`${name} hourly`, `${name} per-second`]);
    expect(rows.map((row) => `${String(row['policy'])} ${String(row['billing'])}`).toSorted()).toEqual(
      expected.toSorted(),
    );
    // 12 steps of 900 s and 5 of 300 s on four slots: 3075 s of a machine.
    for (const { hours, workBoundRatio } of rows)
      expect(Number(workBoundRatio)).toBeCloseTo((Number(hours) * 3600) / 3075, 1);
    const { summary } = lines.at(-1) as { summary: Record<string, number> };
    expect(Object.keys(summary).slice(0, 4)).toEqual(['geometricMean', 'worst', 'burst45', 'burst120']);
    expect(summary['burst120']).toBeGreaterThan(1);
    expect(summary['violations']).toBe(0);
    expect(code).toBe(0);
  });

  it('shows tables to people', async () => {
    const { code, stdout } = await run(trace(), '--values', '600', '--clocks', '300', '--only', 'ours,peers');
    expect(code).toBe(0);
    expect(stdout).toContain('two-batches, billed per-second');
    expect(stdout).toMatch(/^ {2}karpenter +\d/m);
    expect(stdout).toContain('targetWait 600, clock 300 s');
    expect(stdout).toMatch(/rules broken: 0\n$/);
  });

  it.each([
    [['nowhere.csv'], /nowhere\.csv/],
    [['--values', '0'], /numbers above 0/],
    [['--clocks', '90'], /whole minutes/],
    [['--type', '[]'], /JSON object/],
    [['--type', '{"maxJob": 2}'], /maxJobs/],
    [['--only', 'peer'], /ours, peers, burst/],
  ])('refuses %j', async (args, remedy) => {
    const { code, stdout, stderr } = await run(trace(), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
