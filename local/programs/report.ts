/** `npm run report`: a farm's past as a page, with what it cost. */
import { existsSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { readConfigFile } from '../../lambdas/config-file/config-file.ts';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { DEFAULT_PORT } from '../world/endpoint/address.ts';
import { TargetError } from './operate/target.ts';
import { SourceError } from './journal/source.ts';
import { pastIn } from './past/source.ts';
import type { PastChoice } from './past/source.ts';
import { renderFarmReport } from './show/farm-report.ts';
import { days } from './start/arguments.ts';
import { refuse, refusingArguments } from './start/refusal.ts';
import { checkWritable, notWritable } from './start/writable.ts';
import './closed-pipe.ts';

interface Options extends PastChoice {
  readonly report: string;
}

const OWN_CONFIG = 'autoscaler.json';
const DEFAULT_REPORT = 'hydra-autoscaler-farm.html';
const DEFAULT_DAYS = 7;
const REMEDY = 'name another file with --report';

const program = refusingArguments(new Command('npm run report --'))
  .description(
    'Writes what a farm’s journal knows as a page that opens in a browser: queue, machines, what they cost and how much ' +
      'of that was idle, orders, setbacks, problems, and every tick that did something. With --stack of the farm you ' +
      'have deployed, with the region and credentials of the AWS SDK; else of "npm start" or "npm run region".',
  )
  .addOption(
    new Option('--stack <name>', 'the stack of a deployed farm; it says which table to read').conflicts([
      'table',
      'journal',
    ]),
  )
  .addOption(
    new Option('--table <name>', 'a state table in AWS (output StateTable of the stack)').conflicts(
      'journal',
    ),
  )
  .option('--url <url>', `where the region listens (default: $AWS_ENDPOINT_URL, else port ${DEFAULT_PORT})`)
  .option('--journal <file>', 'an exported journal (npm run journal -- export); - for standard input')
  .option(
    '--farm <tag>',
    'the farm in the table (default: the tag of autoscaler.json, or the only one there)',
  )
  .option('--region <region>', 'where it is deployed (default: as the AWS SDK finds it)')
  .option('--days <number>', `the last days only (default: ${DEFAULT_DAYS}, of a file all it has)`, days)
  .option('--report <file>', 'where the page goes', DEFAULT_REPORT)
  .addHelpText(
    'after',
    '\nExit code 1 when the journal cannot be read or the page not be written at the end, 2\nwhen it cannot begin as asked.',
  );

await run(program.parse().opts<Options>());

async function run(options: Options): Promise<void> {
  let choice: PastChoice;
  try {
    checkWritable(options.report, REMEDY);
    choice = choiceOf(options);
  } catch (error) {
    refuse(error);
    return;
  }
  try {
    const { farm, past } = await pastIn(choice);
    writePage(options.report, renderFarmReport(farm, past));
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof TargetError)) throw error;
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** Without a name of anything in AWS, the region on this machine is meant. */
function choiceOf(options: Options): PastChoice {
  const { stack, table, url, journal } = options;
  if (journal !== undefined) return options;
  const here = process.env['AWS_ENDPOINT_URL'] ?? `http://127.0.0.1:${DEFAULT_PORT}`;
  const isHere = stack === undefined && table === undefined;
  const region = url ?? (isHere ? here : undefined);
  return {
    days: DEFAULT_DAYS,
    ...(isHere || !existsSync(OWN_CONFIG) ? {} : { farm: readConfigFile(OWN_CONFIG).tag }),
    ...options,
    ...(region === undefined ? {} : { url: region }),
  };
}

function writePage(file: string, page: string): void {
  try {
    writeFileSync(file, page);
    console.log(`The report is in ${file}: open it in a browser.`);
  } catch (error) {
    console.error(notWritable(file, error, REMEDY).message);
    process.exitCode = 1;
  }
}
