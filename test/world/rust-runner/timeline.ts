/** Recorded timelines of the real queue runner, and how far a farm that is played says the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RustFarm } from './farm.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/hydra-rust/timelines');
/** Between two looks of whoever recorded it, in seconds: what it shows at one may have been so since the one before. */
const LOOK_SECONDS = 0.25;

/** For how long, in seconds, the last one was so is not recorded: long enough to be compared. */
const LAST_SECONDS = 1;

/** What is compared, in words, by what it is about. */
export type State = Readonly<Record<string, string>>;

export interface Recorded {
  /** From when to when it was shown, in seconds of the hour. */
  readonly from: number;
  readonly until: number;
  readonly state: State;
}

interface RecordedMachine {
  readonly cj: number;
  readonly jobs: number;
  readonly cap: boolean;
  readonly bd: number;
  readonly cf: number;
  readonly done: number;
}

type QueueNumbers = readonly [active: number, total: number, waiting: number, disabled: number];
type StepNumbers = readonly [
  building: number,
  waiting: number,
  unsupported: number,
  retries: number,
  machines: number,
];

const LINE = /^\s*([\d.]+) \d\d:(\d\d):(\d\d) (\{.*?\}) (\{.*\}) (\(.*\))$/;

/** What Python prints of its own. */
const fromPython = (text: string): unknown =>
  JSON.parse(
    text
      .replaceAll("'", '"')
      .replaceAll('(', '[')
      .replaceAll(')', ']')
      .replaceAll('True', 'true')
      .replaceAll('False', 'false'),
  );

const machineWords = ({ cj, jobs, cap, bd, cf, done }: RecordedMachine): string =>
  `${bd === 0 ? 'closed' : 'open'}, ${cj} jobs, ${jobs} named, ${cap ? 'takes' : 'takes no'} more, ` +
  `${done} done, ${cf} failed in a row`;

const stateOf = (
  queues: Readonly<Record<string, QueueNumbers>>,
  machines: Readonly<Record<string, RecordedMachine>>,
  [building, waiting, unsupported, retries, total]: StepNumbers,
): State => ({
  ...Object.fromEntries(
    Object.entries(queues)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([system, [active, all, waits, disabled]]) => [
        system,
        `${active} of ${all}, ${waits} wait, ${disabled} disabled`,
      ]),
  ),
  ...Object.fromEntries(
    Object.entries(machines)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, machine]) => [name, machineWords(machine)]),
  ),
  steps: `${building} build, ${waiting} wait, ${unsupported} unsupported, ${retries} retried`,
  machines: String(total),
});

/** What a farm answers now. */
export function stateNow({ status: { queueRunner, machines } }: RustFarm): State {
  const { nrStepsBuilding, nrStepsWaiting, nrUnsupportedSteps, nrRetries, machinesTotal } =
    queueRunner as unknown as Readonly<Record<string, number>>;
  const queues = Object.entries(queueRunner.queueStats).map(([system, numbers]) => {
    const { activeRunnable, totalRunnable, nrRunnableWaiting, nrRunnableDisabled } =
      numbers as unknown as Readonly<Record<string, number>>;
    return [system, [activeRunnable, totalRunnable, nrRunnableWaiting, nrRunnableDisabled]];
  });
  return stateOf(
    Object.fromEntries(queues) as Readonly<Record<string, QueueNumbers>>,
    Object.fromEntries(
      Object.entries(machines).map(([name, { stats, jobs, hasCapacity: cap }]) => {
        const {
          currentJobs: cj,
          buildDirFreePercent: bd,
          consecutiveFailures: cf,
          nrStepsDone: done,
        } = stats;
        return [name, { cj, jobs: jobs.length, cap, bd, cf, done }];
      }),
    ),
    [
      nrStepsBuilding ?? NaN,
      nrStepsWaiting ?? NaN,
      nrUnsupportedSteps ?? NaN,
      nrRetries ?? NaN,
      machinesTotal ?? NaN,
    ],
  );
}

/** A recorded timeline, in which what follows is another state than what was before. */
export function recorded(name: string): readonly Recorded[] {
  const lines = readFileSync(join(FIXTURES, `${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, offset, minutes, seconds, queues = '', machines = '', steps = ''] = LINE.exec(line) ?? [];
      return {
        offset: Number(offset),
        clock: Number(minutes) * 60 + Number(seconds),
        state: stateOf(
          fromPython(queues) as Readonly<Record<string, QueueNumbers>>,
          fromPython(machines) as Readonly<Record<string, RecordedMachine>>,
          fromPython(steps) as StepNumbers,
        ),
      };
    });
  // The clock was told in whole seconds: it was that or later.
  const start = Math.max(...lines.map(({ clock, offset }) => clock - offset));
  const changes = lines.filter(
    ({ state }, index) => index === 0 || wordsOf(lines[index - 1]?.state) !== wordsOf(state),
  );
  return changes.map(({ offset, state }, index) => ({
    from: start + offset - (index === 0 ? 0 : LOOK_SECONDS),
    until: start + (changes[index + 1]?.offset ?? (lines.at(-1)?.offset ?? offset) + LAST_SECONDS),
    state,
  }));
}

export const wordsOf = (state: State | undefined): string => JSON.stringify(state);

/** Two ends at almost the same time are told one by one, or not, for a moment that is passed over. */
const MOMENT_SECONDS = 0.75;
/** What lasts for longer has to be so throughout. */
const SETTLED_SECONDS = 2.5;

/** A state of the model at an instant of the hour. */
export interface Sample {
  readonly at: number;
  readonly words: string;
}

export interface Terms {
  /** By so much, in seconds, the model may be earlier or later. */
  readonly tolerance: number;
  /** What of a state is compared; all of it when absent. */
  readonly compared?: (words: string) => string;
}

/** What of a recorded timeline the model does not say at that time, for people; empty where it says it all. */
export function disagreements(
  timeline: readonly Recorded[],
  samples: readonly Sample[],
  { tolerance, compared = (words) => words }: Terms,
): readonly string[] {
  return timeline.flatMap(({ from, until, state }) => {
    if (until - from < MOMENT_SECONDS) return [];
    const words = compared(wordsOf(state));
    const near = samples.filter(({ at }) => at >= from - tolerance && at <= until + tolerance);
    const settled = near.filter(({ at }) => at >= from + tolerance && at <= until - tolerance);
    const isSaid = near.some((sample) => compared(sample.words) === words);
    const others =
      until - from < SETTLED_SECONDS ? [] : settled.filter((one) => compared(one.words) !== words);
    return [
      ...(isSaid ? [] : [`${clockOf(from)} never ${words}`]),
      ...others.slice(0, 1).map((one) => `${clockOf(one.at)} ${one.words} instead of ${words}`),
    ];
  });
}

const clockOf = (at: number): string => `${Math.floor(at / 60)}:${(at % 60).toFixed(2)}`;
