/** `npm run simulate:faults`: the unmodified function in a simulated world in which everything goes wrong. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { SimulatedRunner } from '../prove/simulate/fault-kind.ts';
import { FAULT_KINDS } from '../prove/simulate/fault-kinds.ts';
import type { FaultName } from '../prove/simulate/fault-kinds.ts';
import type { Outcome } from '../prove/simulate/outcome.ts';
import { simulateAll } from '../prove/simulate/pool.ts';
import { seedLine, summaryLine, table, violationText } from '../prove/simulate/report.ts';
import { shrink } from '../prove/simulate/shrink.ts';
import type { SimulateOptions } from '../prove/simulate/simulate.ts';
import { refusingArguments } from './start/refusal.ts';

interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly hours: number;
  readonly runner: SimulatedRunner;
  readonly threads: number;
  readonly faults?: readonly FaultName[];
  readonly json?: boolean;
}

/** Progress is told when a run takes longer than this. */
const QUIET_MILLISECONDS = 2000;
/** Violations that are shrunk and shown; more help nobody. */
const SHOWN = 3;

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < least)
      throw new InvalidArgumentError(`must be a whole number, ${least} or more`);
    return value;
  };

const kinds = (text: string): readonly FaultName[] | undefined => {
  if (text === 'all') return undefined;
  const names = text === 'none' ? [] : text.split(',').map((name) => name.trim());
  const isKnown = (name: string): name is FaultName => name in FAULT_KINDS;
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`unknown: ${unknown.join(', ')}; see --help for the kinds`);
  return names.filter(isKnown);
};

const help = Object.entries(FAULT_KINDS)
  .map(([name, { does, per, rate }]) => `  ${name.padEnd(22)} ${`${rate} per ${per}`.padEnd(14)} ${does}`)
  .join('\n');

refusingArguments(new Command('npm run simulate:faults --'))
  .description(
    'Runs the unmodified reconcile code in virtual time against a simulated region and queue runner, through storms of\n' +
      'faults and calms in between, and judges after every event, from the world’s own view, whether a rule was broken.\n' +
      'Exits with 1 when one was.',
  )
  .option('--seeds <number>', 'how many runs', whole(1), 20)
  .option('--first-seed <number>', 'the first run’s number; the same number gives the same run', whole(0), 1)
  .option('--hours <number>', 'simulated hours of each in which builds arrive', whole(1), 48)
  .addOption(
    new Option(
      '--runner <kind>',
      'which queue runner the Hydra host has; one that is upgraded has both, one after the other',
    )
      .choices(['cpp', 'rust', 'upgraded'])
      .default('cpp'),
  )
  .option('--faults <kinds>', 'a list of the kinds below, all or none (default: all)', kinds)
  .option('--threads <number>', 'runs at a time', whole(1), availableParallelism())
  .option('--json', 'one JSON line per seed and a summary line')
  .addHelpText('after', `\nKinds of fault, with the usual rate per call or per hour of storm:\n${help}`)
  .action(run)
  .parse();

async function run(options: Options): Promise<void> {
  const { seeds, firstSeed, hours, runner, threads, faults, json } = options;
  const outcomes: Outcome[] = [];
  const optionsFor = (seed: number): SimulateOptions => ({
    seed,
    hours,
    runner,
    ...(faults === undefined ? {} : { faults }),
  });
  const startedAt = performance.now();
  const progress = (): void => {
    const elapsed = performance.now() - startedAt;
    if (elapsed < QUIET_MILLISECONDS) return;
    process.stderr.write(`\r${outcomes.length} of ${seeds} runs, ${Math.round(elapsed / 1000)} s `);
  };
  await simulateAll({
    seeds: Array.from({ length: seeds }, (_, index) => firstSeed + index),
    threads,
    optionsFor,
    finished: (outcome) => {
      outcomes.push(outcome);
      if (json === true) console.log(seedLine(outcome));
      progress();
    },
  });
  const elapsedMinutes = (performance.now() - startedAt) / 60_000;
  if (elapsedMinutes * 60_000 >= QUIET_MILLISECONDS) {
    const simulated = outcomes.reduce((sum, outcome) => sum + outcome.hours, 0);
    process.stderr.write(`\n${Math.round(simulated / elapsedMinutes)} simulated hours per minute\n`);
  }
  console.log(json === true ? summaryLine(outcomes) : table(outcomes));
  const broken = outcomes.filter(({ violations }) => violations.length > 0);
  if (broken.length === 0) return;
  process.exitCode = 1;
  for (const outcome of broken.slice(0, SHOWN))
    console.error(`\n${violationText(await shrink(optionsFor(outcome.seed), outcome))}`);
}
