/** `npm run advise`: what other settings would have cost, and how long steps would have waited, on a queue's own history. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { adviseFarm } from '../prove/advise/advise.ts';
import { prepare } from './advise/prepare.ts';
import type { Options } from './advise/options.ts';
import { adviceTable } from './advise/table.ts';
import { adviceJson } from './advise/words.ts';
import { renderAdvice } from './advise/report.ts';
import { progressOf } from './bench/progress.ts';
import { sheetOf } from './show/terminal.ts';
import { refuse, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

/** Where nobody says how wide the terminal is, a table of this many columns is not broken. */
const COLUMNS = 140;

const program = refusingArguments(new Command('npm run advise --'))
  .description(
    'Plays what arrived in your queue through the autoscaler’s own code, with your settings and with others (how long a ' +
      'step may wait, placement, billing, size of the machines), and says what each would have cost, where the knee is, ' +
      'what to change for it, and how sure that is.',
  )
  .option('--stack <name>', 'the stack of a deployed farm: its journal is read')
  .option('--url <url>', 'a farm on this machine, of npm start or npm run region: its journal is read')
  .option('--journal <file>', 'an exported journal (npm run journal -- export)')
  .option('--steps <file>', 'steps from Hydra’s database; docs/costs.md has the one command')
  .option('--trace <file>', 'CSV with arrival_s,system,duration_s; - for standard input')
  .option('--days <number>', 'the last days only', '14')
  .option('--config <file>', 'the farm’s configuration (default: autoscaler.json, where there is one)')
  .option('--region <region>', 'where the stack is (default: as the AWS SDK finds it)')
  .option('--boot <seconds>', 'from launch to an answering sshd', '120')
  .addOption(
    new Option(
      '--price <type=dollars>',
      'an instance type’s price an hour, on demand and as spot, such as c7i.2xlarge=0.357,0.14; may stand several times',
    )
      .argParser((text, before: readonly string[]) => [...before, text])
      .default([], 'none: hours are told'),
  )
  .option('--report <file>', 'writes a page with a plot of cost against wait')
  .option('--threads <number>', 'runs at a time', String(availableParallelism()))
  .option('--json', 'one JSON object instead of tables')
  .addHelpText(
    'after',
    '\nExit code 1 when a rule was broken on the way or the report cannot be written, 2 when\nit cannot begin as asked.',
  );

await run(program.parse().opts<Options>());

async function run(options: Options): Promise<void> {
  const prepared = await prepare(options).catch(refuse);
  if (prepared === undefined) return;
  const { history, note } = prepared;
  if (note !== undefined) console.error(note);
  const progress = process.stderr.isTTY ? progressOf(process.stderr) : undefined;
  const advised = await adviseFarm({
    ...prepared,
    finished: (done, of) => {
      progress?.tell(`${done} of ${of} runs`);
    },
  }).finally(() => progress?.end());
  if (options.json === true) console.log(JSON.stringify(adviceJson(history, advised)));
  else for (const line of adviceTable(history, advised, sheetOf(process.stdout, COLUMNS))) console.log(line);
  if (options.report !== undefined) writeReport(options.report, renderAdvice(history, advised));
  for (const violation of new Set(advised.violations)) console.error(violation);
  if (advised.violations.length > 0) process.exitCode = 1;
}

function writeReport(file: string, page: string): void {
  try {
    writeFileSync(file, page);
    console.error(`The report is in ${file}`);
  } catch (error) {
    console.error(`${file} can no longer be written: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
