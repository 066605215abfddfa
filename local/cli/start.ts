/** `npm start`: a farm of builders following a queue, on a region that runs on this machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { checkConfig, ConfigError } from '../../lambdas/adapters/config-file.ts';
import { paceOf } from '../drive/pace.ts';
import { NAMED_FAULTS, parseFaults, settingsFor } from '../start/faults.ts';
import { run } from '../start/run.ts';
import { DEFAULT_PORT } from '../endpoint/server.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import { setStage } from '../start/stage.ts';
import type { Stage } from '../start/stage.ts';
import { reportOf, screenFor } from '../start/screen.ts';
import type { Recorder } from '../start/recorder.ts';
import { workloadFor } from '../start/workload-for.ts';
import './closed-pipe.ts';

interface Options {
  readonly hours: number;
  readonly speed: number;
  readonly seed: number;
  readonly trace?: string;
  readonly config: string;
  readonly faults?: readonly string[];
  readonly json?: boolean;
  readonly report?: string | false;
  readonly port: number;
}

const DEFAULT_CONFIG = fileURLToPath(new URL('../farm.json', import.meta.url));
const DEFAULT_REPORT = 'hydra-autoscaler-report.html';
/** Monday 2 March 2026, noon UTC: an afternoon on which people work. */
const NOON = 1_772_452_800;
/** As a shell reports a process that Ctrl-C ended. */
const INTERRUPTED_EXIT = 130;

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
};

const whole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
};

const faultNames = (list: string): readonly string[] => {
  try {
    return parseFaults(list);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
};

const faultHelp = Object.entries(NAMED_FAULTS)
  .map(([name, { does }]) => `  ${name.padEnd(12)} ${does}`)
  .join('\n');

new Command('npm start --')
  .description(
    'Runs the unmodified function, SDK clients and SSM documents against a simulated region and Hydra host.\n' +
      'Scripts really run, with /bin/sh, in a temporary directory; the region listens on 127.0.0.1 only.',
  )
  .option('--hours <number>', 'simulated hours', positive, 5)
  .option('--speed <number>', 'simulated seconds a real one', positive, 150)
  .option('--seed <number>', 'the same seed gives the same queue and the same luck', whole, 1)
  .option(
    '--trace <file>',
    'builds from a CSV file (arrival_s,system,duration_s), from its first one on, instead of made-up ones',
  )
  .option('--config <file>', 'an autoscaler.json of yours', DEFAULT_CONFIG)
  .addOption(
    new Option('--faults [names]', 'let things go wrong: all, or a list of the names below')
      .preset('all')
      .argParser(faultNames),
  )
  .option('--json', 'one JSON line a tick and a summary line, instead of the live view')
  .option('--report <file>', `where the HTML report goes (default: ${DEFAULT_REPORT}; none with --json)`)
  .option('--no-report', 'no HTML report')
  .option(
    '--port <number>',
    'where the region listens, for npm run operate and the aws program; another one if it is taken',
    whole,
    DEFAULT_PORT,
  )
  .addHelpText('after', `\nFaults:\n${faultHelp}`)
  .action(start)
  .parse();

async function start(options: Options): Promise<void> {
  let written: Record<string, unknown>;
  let config;
  let workload;
  try {
    written = JSON.parse(readFileSync(options.config, 'utf8')) as Record<string, unknown>;
    config = checkConfig(options.config, written);
    const { seed, hours, trace } = options;
    workload = workloadFor({ config, seed, hours, start: NOON, ...(trace === undefined ? {} : { trace }) });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 2 : 1;
    return;
  }
  const faults = options.faults ?? [];
  const stage = await raise(options, written, config, faults);
  Object.assign(process.env, stage.environment);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const screen = screenFor(options, stage, process.stdout);
  try {
    const pace = paceOf(stage.world.timeline, {
      speed: options.speed,
      milliseconds: () => performance.now(),
      sleep,
    });
    const { hours } = options;
    const isStopped = (): boolean => stopped;
    const recorder = await run({ stage, workload, hours, faults, pace, isStopped, show: screen.show });
    screen.close();
    screen.conclude(recorder, stopped ? undefined : writeReport(recorder, options));
    if (recorder.summary(options.seed).violations > 0) process.exitCode = 1;
    if (stopped) process.exitCode = INTERRUPTED_EXIT;
  } finally {
    screen.close();
    await stage.strike();
  }
  process.exit();
}

async function raise(
  { seed, port }: Options,
  written: Readonly<Record<string, unknown>>,
  config: Config,
  faults: readonly string[],
): Promise<Stage> {
  const stage = await setStage({
    seed,
    start: NOON,
    written,
    config,
    region: settingsFor(faults),
    temporary: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
    port,
    anyPort: true,
  });
  if (!stage.url.endsWith(`:${port}`))
    console.error(
      `port ${port} is taken; to reach this region: npm run operate -- --url ${stage.url} status`,
    );
  return stage;
}

/** Writes the report, if one is wanted, and says where. */
function writeReport(recorder: Recorder, options: Options): string | undefined {
  const file = options.report ?? (options.json === true ? false : DEFAULT_REPORT);
  if (file === false) return undefined;
  writeFileSync(file, reportOf(recorder, options));
  return file;
}
