/** `npm run journal`: what the autoscaler saw, decided and did, and what it would do today. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { ConfigError, readConfigFile } from '../../lambdas/config-file/config-file.ts';
import type { JournalItem } from '../../lambdas/reporting.ts';
import { entryToJson } from '../../lambdas/aws/dynamo/journal-codec.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { JournalEntry } from '../../lambdas/core/model/index.ts';
import { DEFAULT_PORT } from '../world/endpoint/address.ts';
import { actionWords, problemLine, replan } from './journal/replay.ts';
import type { Difference } from './journal/replay.ts';
import { itemsInFile, journalInTable } from './journal/source.ts';
import type { TableChoice } from './journal/source.ts';
import { timelineText } from './journal/show-timeline.ts';
import { Timeline } from './journal/timeline.ts';
import { painter } from './show/paint.ts';
import { sheetOf } from './show/terminal.ts';
import { REFUSED_EXIT, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly url?: string;
  readonly table?: string;
  readonly farm?: string;
  readonly hours: number;
  readonly config?: string;
  readonly json?: boolean;
}

/** What people see where nobody says how wide the terminal is. */
const COLUMNS = 120;
const OWN_CONFIG = 'autoscaler.json';
/** What a region on this machine is started with. */
const REGION_CONFIG = fileURLToPath(new URL('farm.json', import.meta.url));

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

const program = refusingArguments(new Command('npm run journal --'))
  .description(
    'The journal of a farm: every tick with what it saw, decided and did, and every request of a person. It lies ' +
      'in the state table for 30 days: that of "npm start" or "npm run region" on this machine, or with --table the ' +
      'one you have deployed, with the region and credentials of the AWS SDK.',
  )
  .addHelpText(
    'after',
    '\nExit code 1 when an entry, the file or the table cannot be read, 2 when arguments\nor the configuration are wrong.',
  );

const withTable = (command: Command): Command =>
  command
    .option('--url <url>', `where the region listens (default: $AWS_ENDPOINT_URL, else port ${DEFAULT_PORT})`)
    .option('--table <name>', 'a state table in AWS (output StateTable of the stack)')
    .option('--farm <tag>', 'the farm in it (default: the tag of the configuration, or the only one there)')
    .option('--hours <number>', 'how far back from the newest entry', positive, 24);

withTable(program.command('replay'))
  .description('show it as a timeline, and plan what was seen again with the code and configuration of today')
  .argument('[file]', 'an exported journal; - for standard input')
  .option(
    '--config <file>',
    `the configuration to plan with (default: ${OWN_CONFIG}, for a region on this machine local/programs/farm.json)`,
  )
  .option('--json', 'one JSON line per entry instead of the timeline')
  .addHelpText(
    'after',
    '\nLines marked "today" say what would be decided otherwise now: after a change of\nthe configuration or the code this shows, on your own farm’s past, what the change\ndoes.',
  )
  .action((file: string | undefined, options: Options) => run(() => replay(file, options)));
withTable(program.command('export'))
  .description('write it to standard output, one JSON line per entry, for replay and for safekeeping')
  .action((options: Options) => run(async () => exportLines(await itemsOf(choiceOf(options)))));

await program.parseAsync();

async function run(show: () => Promise<void>): Promise<void> {
  try {
    await show();
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = error instanceof ConfigError ? REFUSED_EXIT : 1;
  }
}

/** Without a table's name, the region on this machine is meant. */
function choiceOf({ url, table, farm, hours }: Options): TableChoice {
  const here = process.env['AWS_ENDPOINT_URL'] ?? `http://127.0.0.1:${DEFAULT_PORT}`;
  const region = url ?? (table === undefined ? here : undefined);
  return {
    hours,
    ...(region === undefined ? {} : { url: region }),
    ...(table === undefined ? {} : { table }),
    ...(farm === undefined ? {} : { farm }),
  };
}

async function itemsOf(choice: TableChoice, config?: Config, file?: string): Promise<readonly JournalItem[]> {
  const { farm, items } = await journalInTable(choice);
  if (farm === undefined) console.error('there is no farm yet: no tick has run');
  else if (config !== undefined && file !== undefined && choice.farm === undefined && farm !== config.tag)
    throw new ConfigError(file, [
      {
        path: 'tag',
        says: `is "${config.tag}", but the farm there is "${farm}": name its configuration with --config`,
      },
    ]);
  return items;
}

async function replay(file: string | undefined, options: Options): Promise<void> {
  const choice = choiceOf(options);
  const isOwn = file !== undefined || choice.url === undefined;
  // What is asked for by name comes first: whether there is a configuration matters only to what can be read.
  const items = file === undefined ? undefined : itemsInFile(file);
  const configFile = options.config ?? (isOwn ? OWN_CONFIG : REGION_CONFIG);
  const config = configFrom(configFile);
  if (items !== undefined) showTimeline(items, config, options);
  // The whole of a table in AWS is not read for what the configuration says.
  else if (isOwn) showTimeline(await itemsOf({ farm: config.tag, ...choice }), config, options);
  else showTimeline(await itemsOf(choice, config, configFile), config, options);
}

function configFrom(file: string): Config {
  if (file === OWN_CONFIG && !existsSync(file))
    throw new ConfigError(file, [
      {
        path: '',
        says: 'there is none here; name the configuration of the farm with --config (the farm of "npm start" needs neither --config nor --table)',
      },
    ]);
  return readConfigFile(file);
}

function exportLines(items: readonly JournalItem[]): void {
  for (const item of items) {
    if ('entry' in item) process.stdout.write(`${entryToJson(item.entry)}\n`);
    else complain(item.key, item.problem);
  }
}

function complain(key: string, problem: string): void {
  console.error(`${key}: ${problem}`);
  process.exitCode = 1;
}

function showTimeline(items: readonly JournalItem[], config: Config, { json }: Options): void {
  const timeline = new Timeline();
  const { stdout } = process;
  const { columns, colour } = sheetOf(stdout, COLUMNS);
  const paint = painter(colour);
  const counts = { entries: 0, rounds: 0, planned: 0, differing: 0 };
  for (const item of items) {
    if (!('entry' in item)) {
      complain(item.key, item.problem);
      continue;
    }
    const { entry } = item;
    const differences = entry.kind === 'tick' ? entry.rounds.map((round) => replan(config, round)) : [];
    counts.entries += 1;
    counts.rounds += differences.length;
    counts.planned += differences.filter((ofRound) => ofRound !== undefined).length;
    counts.differing += differences.filter((ofRound) => (ofRound?.length ?? 0) > 0).length;
    stdout.write(
      json === true
        ? `${JSON.stringify(inShort(entry, differences))}\n`
        : timelineText(timeline.linesOf(entry, differences), columns, paint),
    );
  }
  if (json !== true)
    stdout.write(
      `\n${counts.entries} entries, ${counts.rounds} rounds; of ${counts.planned} that were planned again, ${counts.differing} would differ today\n`,
    );
}

function inShort(
  entry: JournalEntry,
  differences: readonly (readonly Difference[] | undefined)[],
): Readonly<Record<string, unknown>> {
  if (entry.kind === 'request') return { ...entry };
  const { rounds, ...rest } = entry;
  return {
    ...rest,
    rounds: rounds.map(({ at, actions, decisions, violations, problems, done }, index) => ({
      at,
      actions: actions.map(actionWords),
      decisions,
      violations,
      problems: problems.map(problemLine),
      done,
      differences: differences[index],
    })),
  };
}
