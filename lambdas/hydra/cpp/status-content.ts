/** What a status of the C++ queue runner says, in the words of the core; whether it may be believed is judged elsewhere. */
import type { EpochSeconds, QueueMachine, StepDemand } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { machineAddress } from './machine-address.ts';
import type { PrintedMachine, PrintedStatus } from './status-schema.ts';

/** Words as they can be used in the name of a machine type; one queue entry is `system[:feature,feature…]`. */
const KIND_KEY = /^[A-Za-z0-9_.+-]+(:[A-Za-z0-9_.+-]+(,[A-Za-z0-9_.+-]+)*)?$/;
const MAX_KIND_CHARACTERS = 1000;
const MAX_IGNORED_SHOWN = 20;

/** Steps of one kind, under the runner's own key. */
export interface StepCount {
  readonly key: string;
  readonly runnable: number;
  readonly running: number;
}

/** Everything used of one status. The fields it shares with a trusted status mean the same. */
export interface StatusContent {
  readonly at: EpochSeconds;
  readonly runnerStartedAt: EpochSeconds;
  /** Every kind of step the runner has seen since its start, whatever its name; `demand` leaves odd names out. */
  readonly steps: readonly StepCount[];
  readonly demand: readonly StepDemand[];
  readonly ignoredKinds: readonly string[];
  /** Some step is runnable, but the runner does not tell of what kind. */
  readonly demandHidden: boolean;
  readonly machines: ReadonlyMap<string, QueueMachine>;
  readonly stepsFinishing: number | undefined;
  readonly stepsUnsupported?: number;
  readonly buildsQueued?: number;
}

export function contentOf(status: PrintedStatus): StatusContent {
  const runnableInAll = status.nrRunnableSteps ?? Infinity;
  const steps = Object.entries(status.machineTypes ?? {}).map(([key, { runnable, running }]) => ({
    key,
    // The total is always exact, unlike these (measured: docs/develop/facts.md#counts-by-kind-can-be-old).
    runnable: Math.min(runnable, runnableInAll),
    running,
  }));
  const odd = steps.filter(({ key }) => !isPlainKind(key));
  return {
    at: status.time,
    runnerStartedAt: status.time - status.uptime,
    steps,
    demand: steps.filter(({ key }) => isPlainKind(key)).map(demandOf),
    ignoredKinds: odd.slice(0, MAX_IGNORED_SHOWN).map(({ key }) => excerpt(key)),
    demandHidden: steps.length === 0 && (status.nrRunnableSteps ?? 0) > 0,
    machines: machinesOf(status),
    stepsFinishing: stepsFinishing(status),
    ...(status.nrUnsupportedSteps !== undefined && {
      stepsUnsupported: Math.min(status.nrUnsupportedSteps, runnableInAll),
    }),
    ...(status.nrQueuedBuilds !== undefined && { buildsQueued: status.nrQueuedBuilds }),
  };
}

function isPlainKind(key: string): boolean {
  return key.length <= MAX_KIND_CHARACTERS && KIND_KEY.test(key);
}

/**
 * `local` marks a step that prefers to be built on the Hydra host; it asks nothing of a machine, so any machine of its
 * system takes it (measured: docs/develop/facts.md#local-asks-nothing-of-a-machine) and it is left out. `builtin` is a
 * system of its own and stays.
 */
function demandOf({ key, runnable, running }: StepCount): StepDemand {
  const [system = '', features = ''] = key.split(':');
  const required = features.split(',').filter((feature) => feature !== '' && feature !== 'local');
  return { key, system, features: [...new Set(required)].toSorted(), runnable, running };
}

function machinesOf(status: PrintedStatus): ReadonlyMap<string, QueueMachine> {
  const machines = new Map<string, QueueMachine>();
  for (const [key, printed] of Object.entries(status.machines ?? {})) {
    const machine = machineOf(machineAddress(key), printed);
    const other = machines.get(machine.key);
    machines.set(machine.key, other ? merged(other, machine) : machine);
  }
  return machines;
}

function machineOf(address: string, printed: PrintedMachine): QueueMachine {
  return {
    key: address,
    offered: printed.enabled,
    currentJobs: printed.currentJobs,
    ...(printed.currentJobs === 0 && printed.idleSince > 0 && { idleSince: printed.idleSince }),
    ...(printed.disabledUntil > 0 && { disabledUntil: printed.disabledUntil }),
    ...(printed.lastFailure > 0 && { lastFailure: printed.lastFailure }),
    consecutiveFailures: printed.consecutiveFailures,
    ...(printed.nrStepsDone > 0 && {
      done: { steps: printed.nrStepsDone, seconds: printed.totalStepTime },
    }),
  };
}

/** One host under two keys: whatever makes it look more in use, and more troubled, holds. */
function merged(a: QueueMachine, b: QueueMachine): QueueMachine {
  const currentJobs = a.currentJobs + b.currentJobs;
  const latest = (one = 0, other = 0): EpochSeconds => Math.max(one, other);
  return machineOf(a.key, {
    enabled: a.offered || b.offered,
    currentJobs,
    idleSince: latest(a.idleSince, b.idleSince),
    disabledUntil: latest(a.disabledUntil, b.disabledUntil),
    lastFailure: latest(a.lastFailure, b.lastFailure),
    consecutiveFailures: Math.max(a.consecutiveFailures, b.consecutiveFailures),
    nrStepsDone: (a.done?.steps ?? 0) + (b.done?.steps ?? 0),
    totalStepTime: (a.done?.seconds ?? 0) + (b.done?.seconds ?? 0),
  });
}

/**
 * A slot is released before the outputs are copied back, so steps without a slot are still at work on some machine
 * (measured: docs/develop/facts.md#slots-are-freed-before-outputs-are-copied). Active steps are read before the slots,
 * and can be fewer, while the count of copies shows them
 * (measured: docs/develop/facts.md#a-status-is-not-of-one-instant). The larger number holds; else it is unknown.
 */
function stepsFinishing({ nrActiveSteps, nrStepsCopyingFrom, machines }: PrintedStatus): number | undefined {
  if (nrActiveSteps === undefined) return nrStepsCopyingFrom;
  const jobs = Object.values(machines ?? {}).reduce((sum, { currentJobs }) => sum + currentJobs, 0);
  return Math.max(0, nrActiveSteps - jobs, nrStepsCopyingFrom ?? 0);
}
