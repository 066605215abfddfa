/** `npm start`: a farm of builders following a queue, on a region that runs on this machine. */
import { writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { RunnerKind } from '../../lambdas/core/model/index.ts';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { paceOf } from '../world/drive/pace.ts';
import * as numbers from './start/arguments.ts';
import { acting, portTrouble, readFarm } from './start/begin.ts';
import type { FarmFile } from './start/begin.ts';
import { NAMED_FAULTS, parseFaults, settingsFor } from './start/faults.ts';
import { refuse, refusingArguments } from './start/refusal.ts';
import { runnerOption } from './start/runner-option.ts';
import { run } from './start/run.ts';
import { DEFAULT_PORT } from '../world/endpoint/address.ts';
import type { ServedStage } from './start/served-stage.ts';
import { reportOf, screenFor } from './start/screen.ts';
import type { Screen } from './start/screen.ts';
import { workloadFor } from './start/workload-for.ts';
import { checkWritable, notWritable } from './start/writable.ts';
import './closed-pipe.ts';

interface Options {
  readonly hours: number;
  readonly speed: number;
  readonly seed: number;
  readonly trace?: string;
  readonly config: string;
  readonly faults?: readonly string[];
  readonly runner: RunnerKind;
  readonly json?: boolean;
  readonly report?: string | false;
  readonly port: number;
}

const DEFAULT_CONFIG = fileURLToPath(new URL('farm.json', import.meta.url));
const DEFAULT_REPORT = 'hydra-autoscaler-report.html';
/** Monday 2 March 2026, noon UTC: an afternoon on which people work. */
const NOON = 1_772_452_800;
/** The world stands still while a script runs: how busy this machine is must not change what happens in it. */
const SCRIPT_PATIENCE = 40;
const REPORT_REMEDY = 'name another file with --report, or none with --no-report';
/** Ctrl-C, a polite kill, and a terminal that was closed. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** As a shell reports a process that a signal ended, the signal's number added. */
const SIGNALLED_EXIT = 128;

const faultNames = (list: string): readonly string[] => {
  try {
    return parseFaults(list);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
};

const faultHelp = Object.entries(NAMED_FAULTS)
  .map(([name, { does }]) => `  ${name.padEnd(12)} ${does}`)
  .join('\n');

refusingArguments(new Command('npm start --'))
  .description(
    'Runs the unmodified function, SDK clients and SSM documents against a simulated region and Hydra host.\n' +
      'Scripts really run, with /bin/sh, in a temporary directory; the region listens on 127.0.0.1 only.',
  )
  .option('--hours <number>', 'simulated hours', numbers.hours, 5)
  .option('--speed <number>', 'simulated seconds per real one', numbers.speed, 150)
  .option('--seed <number>', 'the same seed gives the same queue and the same luck', numbers.seed, 1)
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
  .addOption(runnerOption())
  .option('--json', 'one JSON line per tick and a summary line, instead of the live view')
  .option('--report <file>', `where the HTML report goes (default: ${DEFAULT_REPORT}; none with --json)`)
  .option('--no-report', 'no HTML report')
  .option(
    '--port <number>',
    'where the region listens, for npm run operate and the aws program; another one if it is taken',
    numbers.port,
    DEFAULT_PORT,
  )
  .addHelpText(
    'after',
    `\nFaults:\n${faultHelp}\n\nExit code 0, or 1 when a rule was broken, 2 when it cannot begin as asked, 130 after Ctrl-C; what there is until then is told and written all the same.`,
  )
  .action(start)
  .parse();

async function start(options: Options): Promise<void> {
  const begun = await begin(options).catch(refuse);
  if (begun === undefined) return;
  const { served, workload, report } = begun;
  const { timeline } = served.stage.world;
  Object.assign(process.env, served.environment);
  let stopped: NodeJS.Signals | undefined;
  for (const signal of ENDING_SIGNALS)
    process.once(signal, () => {
      stopped = signal;
    });
  const farm = options.config === DEFAULT_CONFIG ? {} : { farm: options.config };
  const terms = { ...options, ...farm };
  const screen = screenFor(terms, timeline, process.stdout);
  const { speed, hours, faults = [] } = options;
  const pace = paceOf(timeline, { speed, milliseconds: () => performance.now(), sleep });
  try {
    const isStopped = (): boolean => stopped !== undefined;
    const recorder = await run({ served, workload, hours, faults, pace, isStopped, show: screen.show });
    screen.close();
    screen.conclude(recorder);
    if (recorder.violations.length > 0) process.exitCode = 1;
    if (stopped !== undefined) process.exitCode = SIGNALLED_EXIT + constants.signals[stopped];
    if (report !== undefined) writeReport(report, reportOf(recorder, terms), screen);
  } finally {
    screen.close();
    await served.strike();
  }
  process.exit();
}

/** Gets everything ready, or says why it cannot be. */
async function begin(options: Options) {
  const { seed, hours, trace, json, config: file } = options;
  const report = options.report ?? (json === true ? false : DEFAULT_REPORT);
  if (report !== false) checkWritable(report, REPORT_REMEDY);
  const read = readFarm(file);
  if (read.config.observeOnly) console.error(`observeOnly is set in ${file}: here ticks act all the same.`);
  const farm = acting(read);
  const workload = workloadFor({
    ...{ config: farm.config, seed, hours, start: NOON },
    ...(trace === undefined ? {} : { trace }),
  });
  return { served: await raise(options, farm), workload, ...(report === false ? {} : { report }) };
}

/** Another port is as good as one that cannot be had. */
async function raise({ seed, port, faults = [], runner }: Options, farm: FarmFile): Promise<ServedStage> {
  const terms = {
    ...farm,
    seed,
    start: NOON,
    runnerKind: runner,
    region: settingsFor(faults),
    temporary: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
    scriptPatience: SCRIPT_PATIENCE,
  };
  // Not before everything asked for is known to be right: it takes a second.
  const { serveStage } = await import('./start/served-stage.ts');
  try {
    const served = await serveStage({ ...terms, port });
    if (port === 0) tellWhere('a free port', served);
    return served;
  } catch (error) {
    const trouble = portTrouble(error);
    if (trouble === undefined) throw error;
    const served = await serveStage(terms);
    tellWhere(`port ${port} ${trouble}`, served);
    return served;
  }
}

const tellWhere = (why: string, { url }: ServedStage): void => {
  console.error(`${why}; to reach this region: npm run operate -- --url ${url} status`);
};

/** The run is over and reported: whatever happens here costs no more than the report. */
function writeReport(file: string, page: string, screen: Screen): void {
  try {
    writeFileSync(file, page);
    screen.reported(file);
  } catch (error) {
    console.error(notWritable(file, error, REPORT_REMEDY).message);
    process.exitCode = 1;
  }
}
