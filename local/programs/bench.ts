/** `npm run bench`: what a steady tick costs with 1 to 10,000 machines, and what loading the function costs, in one run. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { measureBundle } from '../prove/bench/bundle.ts';
import type { BundleMeasurement } from '../prove/bench/bundle.ts';
import { measure } from '../prove/bench/measure.ts';
import type { Measurement } from '../prove/bench/measure.ts';
import { policyCommand } from './bench/policy.ts';
import { refusingArguments } from './start/refusal.ts';

const DEFAULT_SIZES = [1, 10, 100, 1000, 10_000];
/** The function's memory, as the stack sets it, and its time: the schedule's period. */
const FUNCTION = { megabytes: 512, seconds: 300 };

const HEADINGS = [
  'machines',
  'EC2 calls',
  'DynamoDB calls',
  'read units',
  'write units',
  'host looks',
  'ms',
  'MB',
  'ms per machine',
];

const row = (cells: readonly string[]): string =>
  cells.map((cell, index) => cell.padStart(HEADINGS[index]?.length ?? 0)).join('  ');

const sizes = (text: string): readonly number[] => {
  const numbers = text.split(',').map(Number);
  if (numbers.some((value) => !Number.isInteger(value) || value < 1 || value > 12_000))
    throw new InvalidArgumentError('must be whole numbers from 1 to 12000, separated by commas');
  return numbers;
};

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1');
  return value;
};

interface Options {
  readonly machines: readonly number[];
  readonly only?: 'ticks' | 'bundle';
  readonly loads: number;
  readonly json?: boolean;
}

refusingArguments(new Command('npm run bench --'))
  // What stands behind `policy` is its own.
  .enablePositionalOptions()
  .addCommand(refusingArguments(policyCommand))
  .description(
    'Runs a steady tick with the real EC2 and DynamoDB adapters over HTTP against the simulated region, and prints\n' +
      'calls, DynamoDB capacity units, time and memory. The simulated services share the process and its time.\n' +
      'Then bundles the function, weighs it, and times its loading beside a bundle of the SDK clients alone.',
  )
  .option('--machines <list>', 'sizes', sizes, DEFAULT_SIZES)
  .addOption(new Option('--only <part>', 'measure one part only').choices(['ticks', 'bundle']))
  .option('--loads <count>', 'times each bundle is loaded, in turns', count, 15)
  .option('--json', 'one JSON line per size, and one for the bundle')
  .action(run)
  .parse();

async function run({ machines, only, loads, json = false }: Options): Promise<void> {
  if (only !== 'bundle') await benchTicks(machines, json);
  if (only === undefined && !json) console.log();
  if (only !== 'ticks') await benchBundle(loads, json);
}

async function benchTicks(machines: readonly number[], json: boolean): Promise<void> {
  const garbage = (): void => {
    void globalThis.gc?.();
  };
  const measured: Measurement[] = [];
  if (!json) console.log(row(HEADINGS));
  for (const size of machines) {
    const measurement = await measure(size, garbage);
    measured.push(measurement);
    console.log(json ? JSON.stringify(measurement) : row(cellsOf(measurement)));
  }
  if (measured.some(({ result }) => result !== 'done')) process.exitCode = 1;
  if (!json) console.log(`\n${verdict(measured)}`);
}

async function benchBundle(loads: number, json: boolean): Promise<void> {
  const measurement = await measureBundle(loads);
  console.log(json ? JSON.stringify({ bundle: measurement }) : bundleTable(measurement, loads));
  if (!measurement.isWithinBudget) process.exitCode = 1;
}

function bundleTable(one: BundleMeasurement, loads: number): string {
  const line = (name: string, bytes: string, milliseconds: string): string =>
    `${name.padEnd(20)}  ${bytes.padStart(9)}  ${milliseconds.padStart(7)}`;
  return [
    line('bundle', 'bytes', 'load ms'),
    line('the function', one.bytes.toLocaleString('en-GB'), one.loadMilliseconds.toFixed(0)),
    line(
      'SDK clients alone',
      one.clientsBytes.toLocaleString('en-GB'),
      one.clientsLoadMilliseconds.toFixed(0),
    ),
    line('ratio', (one.bytes / one.clientsBytes).toFixed(2), one.loadRatio.toFixed(2)),
    line('budget', one.budgetBytes.toLocaleString('en-GB'), `${one.budgetRatio} x`),
    `\nMedians of ${loads} loads each, in turns, every one in a fresh process, up to clients ready for their first call.`,
  ].join('\n');
}

function cellsOf(one: Measurement): readonly string[] {
  const { machines, ec2Calls, dynamoCalls, readUnits, writeUnits, hostLooks, milliseconds, heapMegabytes } =
    one;
  const perMachine = (milliseconds / machines).toFixed(2);
  const numbers = [
    machines,
    ec2Calls,
    dynamoCalls,
    readUnits,
    writeUnits,
    hostLooks,
    milliseconds,
    heapMegabytes,
  ];
  return [...numbers.map((value) => value.toLocaleString('en-GB')), perMachine];
}

function verdict(measured: readonly Measurement[]): string {
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return '';
  const ratio = (of: (one: Measurement) => number): string => (of(last) / Math.max(1, of(first))).toFixed(1);
  return (
    `${last.machines / first.machines} times the machines: ${ratio(({ ec2Calls }) => ec2Calls)} times the EC2 calls and ` +
    `${ratio(({ dynamoCalls }) => dynamoCalls)} times the DynamoDB calls (pages), ${ratio(({ milliseconds }) => milliseconds)} times the time. ` +
    `The function has ${FUNCTION.megabytes} MB and ${FUNCTION.seconds} s.`
  );
}
