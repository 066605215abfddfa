/** What a status of the Rust queue runner says, in the words of the core; whether it may be believed is judged elsewhere. */
import type { EpochSeconds, Problem, QueueMachine, StepDemand } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import type { RustAnswer, Spoilt } from './answer.ts';
import type { PrintedMachine, PrintedStatus } from './status-schema.ts';
import { coarse, lostSlots, orphans, stepsOn } from './troubles.ts';

/** A machine that has not been heard of for this long counts for no place to build at: its connection may be gone. */
export const SILENT_SECONDS = 60;
/** Failures in a row that make a machine no good that has never built anything, and any other. */
const FAILURES_OF_A_NEW_MACHINE = 3;
const FAILURES_IN_A_ROW = 12;
/** What fails faster than this has not been built at all. */
const MILLISECONDS_OF_A_BUILD = 1000;
const MAX_IGNORED_SHOWN = 20;

/** Words as they can be used in the name of a machine type. */
const WORD = /^[A-Za-z0-9_.+-]{1,200}$/;
/** A machine calls itself by its instance id, in whichever domain it is. */
const INSTANCE_ID = /^(i-[0-9a-f]+)(?=\.|$)/;

/** Everything used of one status. The fields it shares with a trusted status mean the same. */
export interface StatusContent {
  readonly at: EpochSeconds;
  readonly runnerStartedAt: EpochSeconds;
  readonly demand: readonly StepDemand[];
  readonly ignoredKinds: readonly string[];
  readonly machines: ReadonlyMap<string, QueueMachine>;
  /** What each machine says of itself, by the same keys. */
  readonly printed: ReadonlyMap<string, PrintedMachine>;
  readonly buildsQueued: number;
  /** Machines that have joined, also those that another one's name hides. */
  readonly machinesTotal: number;
  readonly checksFinished: number;
  readonly troubles: readonly Problem[];
}

export function contentOf(status: PrintedStatus, answer: RustAnswer): StatusContent {
  const { queueRunner } = status;
  const { time: at, uptime, queueChecksFinished, machinesTotal, nrBuildsUnfinished } = queueRunner;
  const printed = new Map(Object.values(status.machines).map((one) => [keyOf(one.hostname), one]));
  const [busy, held] = [byKey(answer.busy), byKey(answer.held)];
  const gone = [...busy].filter(([key]) => !printed.has(key));
  const steps = withoutOrphans(answer.demand, stepsOn(gone));
  const odd = steps.filter((step) => !isPlain(step));
  return {
    at,
    runnerStartedAt: at - uptime,
    demand: steps
      .filter(isPlain)
      .map((step) => ({ key: keyOfKind(step), ...step }))
      .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))),
    ignoredKinds: odd.slice(0, MAX_IGNORED_SHOWN).map((step) => excerpt(keyOfKind(step))),
    machines: new Map(
      [...printed].map(([key, machine]) => {
        const spoilt = answer.spoilt.get(machine.hostname);
        const steps = { busy: busy.get(key) ?? 0, held: held.get(key) ?? 0, ...(spoilt && { spoilt }) };
        return [key, machineOf(key, machine, steps, at)];
      }),
    ),
    printed,
    buildsQueued: nrBuildsUnfinished,
    machinesTotal,
    checksFinished: queueChecksFinished,
    troubles: [...orphans(gone), ...lostSlots([...held]), ...coarse(answer.kinds)],
  };
}

/** The key of a machine with this host name: its instance id, where it is called by that. */
const keyOf = (hostname: string): string => INSTANCE_ID.exec(hostname)?.[1] ?? hostname;

function byKey(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [hostname, count] of counts) sums.set(keyOf(hostname), (sums.get(keyOf(hostname)) ?? 0) + count);
  return sums;
}

type Kind = Omit<StepDemand, 'key'>;

const keyOfKind = ({ system, features = [] }: Kind): string =>
  features.length === 0 ? system : `${system}:${features.join(',')}`;

const isPlain = ({ system, features = [] }: Kind): boolean =>
  [system, ...features].every((word) => WORD.test(word));

/**
 * The queue holds steps that hang on machines that are gone for running ones. Of which kind they are is not told: those
 * with the most running steps are the likeliest.
 */
function withoutOrphans(demand: readonly Kind[], orphaned: number): readonly Kind[] {
  let left = orphaned;
  return demand
    .toSorted((a, b) => b.running - a.running)
    .map((step) => {
      const hanging = Math.min(left, step.running);
      left -= hanging;
      return { ...step, running: step.running - hanging };
    });
}

/** What is known of a machine’s steps beside the status. */
interface StepsOf {
  readonly busy: number;
  readonly held: number;
  readonly spoilt?: Spoilt;
}

const workOf = ({ stats }: PrintedMachine, held: number): number => Math.max(0, stats.currentJobs - held);

/** When it was last heard of: before its first ping, when it joined. */
const heardAt = ({ uptime, stats }: PrintedMachine, at: EpochSeconds): EpochSeconds =>
  at - (stats.lastPing === 0 ? uptime : stats.sinceLastPing);

/** It says so itself with every ping: too little space on either disk, and it is given no work. */
const isOpen = ({ stats, buildDirAvailThreshold, storeAvailThreshold }: PrintedMachine): boolean =>
  stats.buildDirFreePercent >= buildDirAvailThreshold && stats.storeFreePercent >= storeAvailThreshold;

/**
 * A step that is over is no work, and neither is its row, which is closed when the machine leaves
 * (measured: docs/develop/facts.md#a-step-that-ends-without-the-database-keeps-its-slot).
 */
function machineOf(
  key: string,
  printed: PrintedMachine,
  { busy, held, spoilt }: StepsOf,
  at: EpochSeconds,
): QueueMachine {
  const { idleSince, lastFailure, consecutiveFailures } = printed.stats;
  const currentJobs = workOf(printed, held);
  const heard = heardAt(printed, at);
  const isSilent = at - heard > SILENT_SECONDS;
  // By its last ping, however old that is: the queue runner goes by nothing else.
  const offered = isOpen(printed);
  return {
    key,
    offered,
    currentJobs,
    ...(currentJobs === 0 && idleSince > 0 && { idleSince }),
    ...(lastFailure > 0 && { lastFailure }),
    consecutiveFailures,
    ...doneBy(printed),
    heardAt: heard,
    busySteps: Math.max(0, busy - held),
    ...(held > 0 && held >= printed.maxJobs && { isUseless: true }),
    ...(offered && (isSilent || !printed.hasCapacity) && { isFull: true }),
    ...((isFailing(printed) || isSpoiling(spoilt, at - printed.uptime)) && { isFailing: true }),
  };
}

/** The runner's own count of steps has aborted ones in it, which have no time. */
function doneBy({ stats }: PrintedMachine): Pick<QueueMachine, 'done'> {
  const steps = stats.succeededBuilds + stats.failedBuilds;
  return steps === 0 ? {} : { done: { steps, seconds: stats.totalStepTimeMs / 1000 } };
}

/** What was cut short before it joined, as by a restart of the queue runner or its own, it did not spoil. */
const isSpoiling = (spoilt: Spoilt | undefined, joinedAt: EpochSeconds): boolean =>
  spoilt !== undefined && spoilt.steps >= FAILURES_OF_A_NEW_MACHINE && spoilt.lastAt > joinedAt;

/**
 * Nothing disables a machine that fails whatever it is given, and it is given everything then. A build that fails by itself
 * counts like that, but takes its time
 * (measured: docs/develop/facts.md#a-broken-builder-of-the-rust-runner-takes-every-step).
 */
function isFailing({ stats }: PrintedMachine): boolean {
  const { consecutiveFailures, succeededBuilds, totalStepBuildTimeMs = 0 } = stats;
  if (consecutiveFailures >= FAILURES_IN_A_ROW) return true;
  const hasHardlyBuilt = totalStepBuildTimeMs < consecutiveFailures * MILLISECONDS_OF_A_BUILD;
  return succeededBuilds === 0 && consecutiveFailures >= FAILURES_OF_A_NEW_MACHINE && hasHardlyBuilt;
}
