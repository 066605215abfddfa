/** hydra-provisioner's decision vectors: where it had no excuse, we decide as it did, or have one of our own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSchema } from '../../../local/prove/vectors/format.ts';
import type { VectorResult } from '../../../local/prove/vectors/format.ts';
import { runVector } from '../../../local/prove/vectors/run.ts';
import { killed, shortcomings } from './requirements.ts';
import type { RecordedCase } from './requirements.ts';

const FILE = 'test/fixtures/vectors/designed.json';
// What was recorded beside each case passes the schema untouched, which knows the input only.
const cases = fileSchema.parse(JSON.parse(readFileSync(FILE, 'utf8'))) as RecordedCase[];

/** Where the ancestor is wrong without a flag: it compared the names of types and steps as whole strings. */
const OURS_IS_RIGHT: Readonly<Record<string, string>> = {
  'i686-in-config':
    'a type of i686 machines gets the i686 steps, which the ancestor counted for x86_64 alone',
  'features-order-matters':
    'the runner sorts features, so the ancestor never saw demand of types that do not',
  'multi-system-never-scales':
    'a type of several systems builds for each of them; the runner names one a step',
};

const named = (from: readonly RecordedCase[]) =>
  from.map((vector): [string, RecordedCase] => [vector.name, vector]);
const flagged = cases.filter(({ flags }) => flags.length > 0);
const crashed = cases.filter(({ flags }) => flags.includes('crash'));
const plain = cases.filter(({ flags, name }) => flags.length === 0 && !(name in OURS_IS_RIGHT));

describe('a case in which the ancestor has no excuse', () => {
  it.each(named(plain))('%s', (_name, vector) => {
    expect(shortcomings(vector, runVector(vector))).toEqual([]);
  });
  it('is nearly every one that is not flagged', () => {
    expect([plain.length, flagged.length, cases.length]).toEqual([89, 29, 121]);
  });
});

describe('a case in which we know better', () => {
  it.each(Object.entries(OURS_IS_RIGHT))('%s: %s', (name) => {
    const vector = cases.find((other) => other.name === name);
    if (vector === undefined) throw new Error(`there is no case ${name}`);
    const short = shortcomings(vector, runVector(vector));
    expect(short).not.toEqual([]);
    for (const line of short) expect(line).toMatch(/^(wanted|allowed) of /);
  });
});

describe('a case in which the ancestor was wrong', () => {
  it.each(named(flagged))('%s: nobody busy and nobody with paid time is ended', (_name, vector) => {
    expect(killed(vector, runVector(vector))).toEqual([]);
  });
  it.each(named(crashed))(
    '%s: is planned to the end, and what could not be used is told',
    (_name, vector) => {
      const result = runVector(vector);
      for (const type of Object.keys(vector.config.systemTypes))
        expect(type in result.allowed || result.problems.some((problem) => problem.includes(type))).toBe(
          true,
        );
      expect(result.machinesFile.split('\n').length).toBeGreaterThan(Object.keys(result.allowed).length);
    },
  );
});

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (...files: string[]) =>
    spawnSync(process.execPath, ['local/programs/vectors.ts', ...files], { encoding: 'utf8' });

  it('prints one JSON line a case, the same as here', () => {
    const printed = execFileSync('npm', ['run', '--silent', 'vectors', '--', FILE], { encoding: 'utf8' });
    const results = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as VectorResult);
    expect(results).toEqual(cases.map((vector) => runVector(vector)));
  });
  it.each([
    ['is not there', undefined, 'no such file'],
    ['is no JSON', '[{', 'JSON'],
    ['is no array of cases', '[{"name": 3}]', '[0].name'],
    [
      'has a machine in no known state',
      JSON.stringify([{ ...cases[0], machines: [{ name: 'm', state: 'ODD' }] }]),
      'machines[0].state',
    ],
  ])('says so and exits with 1 when a file %s', (_what, content, words) => {
    const file = join(folder, 'bad.json');
    if (content === undefined) rmSync(file, { force: true });
    else writeFileSync(file, content);
    const { status, stderr, stdout } = run(file, FILE);
    expect(status).toBe(1);
    expect(stderr).toContain('bad.json');
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
    expect(stdout.split('\n')).toHaveLength(cases.length + 1);
  });
});
