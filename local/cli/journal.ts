/** `npm run journal`: what the autoscaler saw, decided and did, and what it would do today. */
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError, readConfigFile } from '../../lambdas/adapters/config-file.ts';
import type { JournalItem } from '../../lambdas/reporting.ts';
import { entryToJson } from '../../lambdas/adapters/journal-codec.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { JournalEntry } from '../../lambdas/core/journal.ts';
import { actionWords, replan } from '../journal/replay.ts';
import type { Difference } from '../journal/replay.ts';
import { itemsInFile, itemsInTable } from '../journal/source.ts';
import { timelineText } from '../journal/show-timeline.ts';
import { Timeline } from '../journal/timeline.ts';
import { painter } from '../show/paint.ts';
import './closed-pipe.ts';

interface Options {
  readonly table?: string;
  readonly farm?: string;
  readonly hours: number;
  readonly config: string;
  readonly json?: boolean;
}

/** What people see where nobody says how wide the terminal is. */
const COLUMNS = 120;
const DEFAULT_CONFIG = 'autoscaler.json';
const CONFIG_EXIT = 2;

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

const program = new Command('npm run journal --').description(
  'The journal of a farm: every tick with what it saw, decided and did, and every request of a person. It lies in the\n' +
    'state table for 30 days. Region and credentials are those of the AWS SDK; AWS_ENDPOINT_URL leads to a local region.',
);

const withSource = (command: Command): Command =>
  command
    .option('--table <name>', 'the state table (output StateTable of the stack)')
    .option('--farm <tag>', 'the farm in it (default: the tag of the configuration)')
    .option('--hours <number>', 'how far back from the newest entry', positive, 24)
    .option('--config <file>', 'the configuration to plan with', DEFAULT_CONFIG);

withSource(program.command('replay'))
  .description('show it as a timeline, and plan what was seen again with the code and configuration of today')
  .argument('[file]', 'an exported journal; - for standard input')
  .option('--json', 'one JSON line an entry instead of the timeline')
  .addHelpText(
    'after',
    '\nLines marked "today" say what would be decided otherwise now: after a change of the configuration or the code this\nshows, on your own farm’s past, what the change does. Exit code 1 when an entry cannot be read, 2 when the\nconfiguration is wrong.',
  )
  .action((file: string | undefined, options: Options) => run(file, options, replay));
withSource(program.command('export'))
  .description('write it to standard output, one JSON line an entry, for replay and for safekeeping')
  .action((options: Options) => run(undefined, options, exportLines));

await program.parseAsync();

async function run(
  file: string | undefined,
  options: Options,
  show: (items: readonly JournalItem[], config: Config, options: Options) => void,
): Promise<void> {
  try {
    const config = configFrom(options.config);
    show(await itemsFrom(file, options, config), config, options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? CONFIG_EXIT : 1;
  }
}

function configFrom(file: string): Config {
  if (file === DEFAULT_CONFIG && !existsSync(file))
    throw new ConfigError(file, [
      { path: '', message: 'there is none here; name the configuration of the farm with --config' },
    ]);
  return readConfigFile(file);
}

async function itemsFrom(
  file: string | undefined,
  { table, farm, hours }: Options,
  config: Config,
): Promise<readonly JournalItem[]> {
  if (table !== undefined) return itemsInTable({ table, farm: farm ?? config.tag, hours });
  if (file === undefined) throw new Error('name a file, or the state table with --table');
  return itemsInFile(file);
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

function replay(items: readonly JournalItem[], config: Config, { json }: Options): void {
  const timeline = new Timeline();
  const { stdout } = process;
  const paint = painter(stdout.isTTY && stdout.hasColors());
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
        : timelineText(timeline.linesOf(entry, differences), stdout.isTTY ? stdout.columns : COLUMNS, paint),
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
      problems,
      done,
      differences: differences[index],
    })),
  };
}
