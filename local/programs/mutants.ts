/** `npm run mutants`: breaks the code on purpose, in a copy, and sees whether the suite notices. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { coreMutants } from '../prove/mutants/core-mutants.ts';
import { evidenceMutants } from '../prove/mutants/evidence-mutants.ts';
import { copyTree, misfits, runMutant, runTests } from '../prove/mutants/run-mutant.ts';
import type { MutantResult } from '../prove/mutants/run-mutant.ts';
import { setbackMutants } from '../prove/mutants/setback-mutants.ts';
import { shellMutants } from '../prove/mutants/shell-mutants.ts';
import { stateMutants } from '../prove/mutants/state-mutants.ts';
import { refusingArguments } from './start/refusal.ts';

interface Options {
  readonly only?: string;
  readonly threads: number;
  readonly json?: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const positive = (text: string): number => {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('must be a whole number above 0');
  return Number(text);
};

refusingArguments(new Command('npm run mutants --'))
  .description(
    'Applies deliberate breakages, one at a time, to a temporary copy of the tree and runs the tests that must catch each.\n' +
      'Exits with 1 when one survives, or when the tests fail without any.',
  )
  .option('--only <text>', 'only mutants whose name or file contains this')
  .option('--threads <number>', 'mutants at a time', positive, 2)
  .option('--json', 'one JSON line a mutant')
  .action(run)
  .parse();

async function run({ only = '', threads, json }: Options): Promise<void> {
  // The tests below run all their cases, not the ones that a laptop has time for.
  process.env['THOROUGH'] = '1';
  const mutants = [
    ...coreMutants,
    ...evidenceMutants,
    ...setbackMutants,
    ...shellMutants,
    ...stateMutants,
  ].filter(({ name, file }) => `${name} ${file}`.includes(only));
  const directory = mkdtempSync(path.join(tmpdir(), 'mutants-'));
  try {
    const trees = Array.from({ length: threads }, (_, index) => path.join(directory, String(index)));
    for (const tree of trees) copyTree(ROOT, tree);
    const stale = misfits(mutants, ROOT);
    if (stale.length > 0) throw new Error(stale.join('\n'));
    const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
    const whole = await runTests(tests, trees[0] ?? directory);
    if (whole.exitCode !== 0)
      throw new Error(`the tests fail without any mutant:\n${whole.output.slice(-3000)}`);
    const queue = mutants.values();
    const results: MutantResult[] = [];
    const work = async (tree: string): Promise<void> => {
      for (const mutant of queue) {
        const result = await runMutant(mutant, tree);
        results.push(result);
        console.log(json === true ? JSON.stringify(result) : rowOf(result));
      }
    };
    await Promise.all(trees.map(work));
    const survivors = results.filter(({ caught }) => !caught);
    if (json !== true) console.log(`\n${results.length} mutants, ${survivors.length} survived`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function rowOf({ mutant, caught, seconds, by }: MutantResult): string {
  const verdict = caught ? 'caught  ' : 'SURVIVED';
  return `${verdict}  ${seconds.toFixed(0).padStart(3)} s  ${mutant.name.padEnd(52)} ${mutant.file}${caught ? `  (${by.slice(0, 70)})` : ''}`;
}
