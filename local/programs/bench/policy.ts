/** `npm run bench -- policy`: what our policy costs and how long it lets steps wait, on traces, beside eight peers. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { benchPolicies, PARTS, summaryOf } from '../../prove/bench/policy/bench.ts';
import type { Part } from '../../prove/bench/policy/bench.ts';
import {
  CLOCKS,
  clockOf,
  DIAL,
  evaluated,
  farmFor,
  settingsOf,
  SLOTS,
  WATCHED,
} from '../../prove/bench/policy/settings.ts';
import type { Clock, Written } from '../../prove/bench/policy/settings.ts';
import type { Row, TaskResult, Trace } from '../../prove/bench/policy/task.ts';
import { parseTrace } from '../../world/trace.ts';
import { sheetOf } from '../show/terminal.ts';
import { refuse } from '../start/refusal.ts';
import { policyTable } from './policy-table.ts';
import { progressOf } from './progress.ts';

interface Options {
  readonly days?: number;
  readonly clocks: readonly Clock[];
  readonly values: readonly number[];
  readonly type: Written;
  readonly boot: number;
  readonly notice?: number;
  readonly only: ReadonlySet<Part>;
  readonly threads: number;
  readonly json?: boolean;
}

/** Where nobody says how wide the terminal is, a table of this many columns is not broken. */
const COLUMNS = 140;

const numbers = (text: string): readonly number[] => {
  const values = text.split(',').map(Number);
  if (values.some((value) => !(value > 0)))
    throw new InvalidArgumentError('must be numbers above 0, separated by commas');
  return values;
};

const numberFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!(value >= least && value <= 1e6)) throw new InvalidArgumentError(`must be a number from ${least}`);
    return value;
  };

const clocks = (text: string): readonly Clock[] =>
  text.split(',').map((word) => {
    if (word === WATCHED.name) return WATCHED;
    const [seconds = 0] = numbers(word);
    if (seconds % 60 !== 0) throw new InvalidArgumentError('must be whole minutes, in seconds, or watch');
    return clockOf(seconds);
  });

const parts = (text: string): ReadonlySet<Part> => {
  const names = text.split(',');
  const known = PARTS.filter((part) => names.includes(part));
  if (known.length !== names.length)
    throw new InvalidArgumentError(`must be some of ${PARTS.join(', ')}, separated by commas`);
  return new Set(known);
};

const settings = (text: string): Written => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`must be a JSON object such as '{"gracePeriod": 300}'`);
};

const option = (flags: string, description: string): Option => new Option(flags, description);

export const policyCommand = new Command('policy')
  .description(
    'Plays traces (arrival_s,system,duration_s) through the unmodified function in its simulated world, judged all ' +
      'the way: the dial at several values, both billings, several clocks. Beside it play the policies of eight other ' +
      'systems, behind the same 30 s poll of the machines file; then comes a burst. Exits with 1 when a rule was broken.',
  )
  .argument('<trace...>', 'CSV files')
  .addOption(option('--days <number>', 'only the first days of each trace').argParser(numberFrom(0.01)))
  .addOption(
    option('--clocks <list>', 'seconds between two scheduled ticks, or watch')
      .argParser(clocks)
      .default(
        CLOCKS,
        CLOCKS.map((clock) => (clock === WATCHED ? clock.name : clock.periodSeconds)).join(','),
      ),
  )
  .addOption(
    option('--values <list>', `values of ${DIAL.setting}`)
      .argParser(numbers)
      .default(DIAL.values, DIAL.values.join(',')),
  )
  .addOption(
    option('--type <json>', 'further settings of every machine type').argParser(settings).default({}, 'none'),
  )
  .addOption(
    option('--boot <seconds>', 'from launch to an answering sshd').argParser(numberFrom(20)).default(120),
  )
  .addOption(
    option(
      '--notice <seconds>',
      'each batch ends an evaluation that has run so long; batches of one size are those of one jobset',
    ).argParser(numberFrom(1)),
  )
  .addOption(
    option('--only <list>', `some of ${PARTS.join(', ')}`)
      .argParser(parts)
      .default(new Set(PARTS), 'all of them'),
  )
  .addOption(
    option('--threads <number>', 'runs at a time').argParser(numberFrom(1)).default(availableParallelism()),
  )
  .option('--json', 'one JSON line a trace, policy, billing and setting, and a summary line')
  .addHelpText(
    'after',
    `
Machine hours count from launch to the call that ends a machine; "by work" are hours by those that the steps would fill
without a gap. Waits are seconds from queued to started, and "wait" is the mean in which a step counts by its work.
A peer is compared with the fewest hours of ours at which steps wait, by work, no longer than the peer's; between two
neighbouring values of the dial, hours are taken to fall evenly as the wait grows.`,
  )
  .action(run);

async function run(files: readonly string[], options: Options): Promise<void> {
  const { json = false, boot: bootSeconds } = options;
  const ours = settingsOf(options.values, options.clocks, options.type);
  let traces: readonly Trace[];
  try {
    traces = files.map((file) => traceFrom(file, options));
    for (const setting of ours)
      checkConfig('bench', farmFor(traces[0]?.workload ?? [], setting, 'per-second'));
  } catch (error) {
    refuse(error);
    return;
  }
  const progress = progressOf(process.stderr);
  const benched = await benchPolicies({
    ...{ traces, settings: ours, clocks: options.clocks, bootSeconds, parts: options.only },
    burstType: { ...DIAL.ofBursts, ...options.type },
    slots: Number(options.type['maxJobs'] ?? SLOTS),
    threads: options.threads,
    finished: ({ rows }: TaskResult, done, of) => {
      if (json) for (const row of rows) console.log(lineOf(row));
      progress.tell(`${done} of ${of} runs`);
    },
  });
  progress.end();
  const summary = summaryOf(benched);
  if (json) console.log(JSON.stringify({ summary }));
  else for (const line of policyTable(benched, summary, sheetOf(process.stdout, COLUMNS))) console.log(line);
  for (const violation of new Set(benched.violations)) console.error(violation);
  if (benched.violations.length > 0) process.exitCode = 1;
}

function traceFrom(file: string, { days = Infinity, notice }: Options): Trace {
  const workload = parseTrace(readFileSync(file, 'utf8')).filter(
    ({ atSeconds }) => atSeconds < days * 86_400,
  );
  if (workload.length === 0) throw new Error(`${file} has no steps`);
  const name = path.basename(file, '.csv');
  return { name, workload: notice === undefined ? workload : evaluated(workload, notice) };
}

/** The clock is in the setting's name. */
const lineOf = (row: Row): string => JSON.stringify({ ...row, clock: undefined });
