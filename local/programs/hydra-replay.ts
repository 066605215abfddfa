import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import type { Build } from '../world/hydra/builds.ts';
import { replay, type StatusSample } from '../world/queue-runner/replay.ts';
import { parseScenario, ScenarioError } from '../world/queue-runner/scenario.ts';
import './closed-pipe.ts';

const sampleSchema = z.object({ t: z.number() });

/** Numbers of Hydra's database. */
const BUILD_STATUS = { succeeded: 0, failed: 1, aborted: 3, cancelled: 4, unsupported: 9 } as const;

const readSampleTimes = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const sample = sampleSchema.safeParse(JSON.parse(line));
      if (!sample.success) throw new ScenarioError(`${path}:${index + 1}: "t" is missing or not a number`);
      return sample.data.t;
    });

/** The status stands there exactly as the program would write it. */
const sampleLine = ({ t, result }: StatusSample): string =>
  `{"t":${t},"exit":${result.exit},"status":${result.stdout.trim() || 'null'}}`;

const buildLine = (build: Build, epochOfStart: number): string => {
  const seconds = (instant: number | undefined): number | null =>
    instant === undefined ? null : Number((instant - epochOfStart).toFixed(3));
  return JSON.stringify({
    job: build.job,
    tag: build.tag,
    jobset: build.jobset,
    status: build.status ?? 'unfinished',
    buildStatus: build.status === undefined ? null : BUILD_STATUS[build.status],
    stepsTried: build.tries.length,
    machines: build.tries.map((attempt) => attempt.machine).filter((machine) => machine !== ''),
    outcomes: build.tries.map((attempt) => attempt.outcome),
    queued: seconds(build.queuedAt),
    started: seconds(build.startedAt),
    finished: seconds(build.finishedAt),
  });
};

const run = (directory: string, options: { readonly builds: boolean; readonly seed: number }): void => {
  const scenario = parseScenario(JSON.parse(readFileSync(join(directory, 'scenario.json'), 'utf8')));
  const { samples, builds } = replay(
    scenario,
    readSampleTimes(join(directory, 'status.jsonl')),
    options.seed,
  );
  const buildLines = options.builds ? builds.map((build) => buildLine(build, scenario.epochOfStart)) : [];
  const lines = [...samples.map(sampleLine), ...buildLines];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
};

const seedOption = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new ScenarioError(`--seed: "${text}" is not a whole number`);
  return Number(text);
};

const isExpected = (error: unknown): error is Error =>
  error instanceof ScenarioError ||
  error instanceof SyntaxError ||
  (error instanceof Error && 'code' in error);

try {
  new Command('hydra-replay')
    .description(
      'Plays DIR/scenario.json into the simulated queue runner, in virtual time, and prints what `--status` says ' +
        'at each instant of DIR/status.jsonl: one JSON line {"t", "exit", "status"} a call.',
    )
    .argument('<dir>', 'folder with scenario.json and status.jsonl (of which only the "t" are read)')
    .option('--builds', 'then print how each build ended, one JSON line per build', false)
    .option('--seed <number>', 'seed of what is random in the real program', seedOption, 1)
    .addHelpText('after', '\nExit status: 0 played, 2 the scenario cannot be read or played.')
    .showHelpAfterError()
    .exitOverride((error) => {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    })
    .action(run)
    .parse();
} catch (error) {
  if (process.exitCode === undefined) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`hydra-replay: ${error.message}\n`);
    process.exitCode = 2;
  }
}
