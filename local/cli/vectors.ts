/** `npm run vectors -- FILE…`: one tick of our plan on each of hydra-provisioner's decision vectors. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { fileSchema } from '../vectors/format.ts';
import { runVector } from '../vectors/run.ts';
import './closed-pipe.ts';

new Command('vectors')
  .description('Runs one tick of the plan on each decision vector and prints one JSON line a case.')
  .argument('<files...>', 'JSON files, each an array of cases')
  .action((files: string[]) => {
    for (const file of files) {
      for (const vector of fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) {
        console.log(JSON.stringify(runVector(vector)));
      }
    }
  })
  .parse();
