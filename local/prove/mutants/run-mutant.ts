/** Runs the tests on a copy of the tree with one mutant in it. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fitting } from './fit.ts';
import type { Mutant } from './mutant.ts';

export interface MutantResult {
  readonly mutant: Mutant;
  readonly file: string;
  readonly caught: boolean;
  readonly seconds: number;
  /** The first test that failed. */
  readonly by: string;
}

const COPIED = [
  'lambdas',
  'examples',
  'infra',
  'local',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'cdk.json',
];

/** Copies what the tests need of the tree at `root` to `directory`; packages are linked. */
export function copyTree(root: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const name of COPIED) cpSync(path.join(root, name), path.join(directory, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
}

/** Puts the mutant into the tree, runs its tests, takes it out again. */
export async function runMutant(
  { mutant, file, whole, broken, tests }: Fitting,
  tree: string,
): Promise<MutantResult> {
  const target = path.join(tree, file);
  const startedAt = performance.now();
  writeFileSync(target, broken);
  try {
    const { exitCode, output } = await runTests(tests, tree);
    const by = /FAIL\s+(?<test>.+)/.exec(output)?.groups?.['test'] ?? '';
    return { mutant, file, caught: exitCode !== 0, seconds: (performance.now() - startedAt) / 1000, by };
  } finally {
    writeFileSync(target, whole);
  }
}

/** Runs these tests in a tree, up to the first failure. */
export function runTests(
  tests: readonly string[],
  tree: string,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const vitest = path.join(tree, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--bail', '1', '--no-color', '--reporter', 'dot', ...tests],
    {
      cwd: tree,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
