/** `npm run mutants`: breaks the code on purpose, in a copy, and sees whether the suite notices. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { fit } from '../prove/mutants/fit.ts';
import { mutants } from '../prove/mutants/mutants.ts';
import { copyTree, runMutant, runTests } from '../prove/mutants/run-mutant.ts';
import type { MutantResult } from '../prove/mutants/run-mutant.ts';
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
  .option('--only <text>', 'only mutants whose name, declaration or file contains this')
  .option('--threads <number>', 'mutants at a time', positive, 2)
  .option('--json', 'one JSON line per mutant')
  .action(run)
  .parse();

async function run({ only = '', threads, json }: Options): Promise<void> {
  // The tests below run all their cases, not the ones that a laptop has time for.
  process.env['THOROUGH'] = '1';
  const { fitting, misfits } = fit(mutants, ROOT);
  if (misfits.length > 0) throw new Error(misfits.join('\n'));
  const chosen = fitting.filter(({ mutant, file }) => `${mutant.name} ${mutant.of} ${file}`.includes(only));
  const directory = mkdtempSync(path.join(tmpdir(), 'mutants-'));
  try {
    const trees = Array.from({ length: threads }, (_, index) => path.join(directory, String(index)));
    for (const tree of trees) copyTree(ROOT, tree);
    const tests = [...new Set(chosen.flatMap((one) => one.tests))];
    const whole = await runTests(tests, trees[0] ?? directory);
    if (whole.exitCode !== 0)
      throw new Error(`the tests fail without any mutant:\n${whole.output.slice(-3000)}`);
    const queue = chosen.values();
    const results: MutantResult[] = [];
    const work = async (tree: string): Promise<void> => {
      for (const one of queue) {
        const result = await runMutant(one, tree);
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

function rowOf({ mutant, file, caught, seconds, by }: MutantResult): string {
  const verdict = caught ? 'caught  ' : 'SURVIVED';
  return `${verdict}  ${seconds.toFixed(0).padStart(3)} s  ${mutant.name.padEnd(52)} ${file}${caught ? `  (${by.slice(0, 70)})` : ''}`;
}
