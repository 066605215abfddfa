/** `npm run vectors -- FILE…`: one tick of our plan on each of hydra-provisioner's decision vectors. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import * as z from 'zod';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { fileSchema } from '../prove/vectors/format.ts';
import type { VectorCase } from '../prove/vectors/format.ts';
import { runVector } from '../prove/vectors/run.ts';
import { renderResult } from './show/vector-page.ts';
import { painter } from './show/paint.ts';
import { sheetOf } from './show/terminal.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

function main(files: readonly string[], { pretty }: { readonly pretty?: boolean }): void {
  const { columns, colour } = sheetOf(process.stdout);
  const paint = painter(colour);
  for (const file of files) {
    try {
      for (const result of casesIn(file).map(runVector))
        console.log(pretty === true ? renderResult(result, columns, paint) : JSON.stringify(result));
    } catch (error) {
      console.error(`${file}: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
}

/** @throws with everything that is wrong with the file, each with its place. */
function casesIn(file: string): readonly VectorCase[] {
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`this is no array of decision vectors:\n${z.prettifyError(parsed.error)}`);
}

refusingArguments(new Command('vectors'))
  .description('Runs one tick of the plan on each decision vector and prints one JSON line per case.')
  .argument('<files...>', 'JSON files, each an array of cases')
  .option('--pretty', 'tables to read instead of JSON')
  .addHelpText(
    'after',
    '\nExit code 1 if a file cannot be read; the others are run all the same. Example:\n' +
      '  npm run --silent vectors -- test/fixtures/vectors/designed.json | head -1',
  )
  .action(main)
  .parse();
