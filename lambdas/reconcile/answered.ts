/** What EC2's answers to our calls make of the machines and back-offs that a plan expected. Pure. */
import { afterAcceptance } from '../core/capacity/back-off.ts';
import type { MachineType } from '../core/config/config.ts';
import type {
  Action,
  BackOff,
  EpochSeconds,
  Launch,
  Machine,
  Observation,
  Pool,
} from '../core/model/index.ts';
import { poolIn } from '../core/capacity/pools.ts';
import { afterRefusals, afterSetback } from '../core/capacity/setback.ts';
import type { InstanceResult, LaunchResult, Refusal } from '../ports.ts';
import { NO_ANSWER } from '../refusals.ts';

/** What acting changed of what the plan expected. */
export interface Outcome {
  readonly machines: readonly Machine[];
  /** Launches that have their answer; they need no record any more. */
  readonly answeredLaunches: readonly string[];
  readonly backOffs: readonly BackOff[];
  /** Machines that AWS refused to launch or to start. */
  readonly refused: number;
  readonly problems: readonly { readonly what: string; readonly refusal: Refusal }[];
  /** Actions AWS accepted, for the report. Launches count machines. */
  readonly done: Readonly<Record<Action['kind'], number>>;
}

/** A launch with its answer. `type` is undefined where it has left the configuration. */
export interface SentLaunch {
  readonly launch: Launch;
  readonly type: MachineType | undefined;
  readonly result: LaunchResult;
}

/** AWS's own names, by which people find what it says of them. */
const CALLS = {
  launch: 'CreateFleet',
  start: 'StartInstances',
  stop: 'StopInstances',
  terminate: 'TerminateInstances',
} as const satisfies Record<Action['kind'], string>;

/** The first rest of a machine whose start was refused, and the longest, in seconds. */
const START_REST_SECONDS = 60;
const START_REST_SECONDS_MAX = 3600;

export function afterEndings(
  outcome: Outcome,
  kind: 'stop' | 'terminate',
  results: readonly InstanceResult[],
): Outcome {
  const refusals = results.flatMap(({ instanceId, refusal }) =>
    refusal === undefined ? [] : [{ what: `${kind} ${instanceId} (${CALLS[kind]})`, refusal }],
  );
  const accepted = results.length - refusals.length;
  return {
    ...outcome,
    problems: [...outcome.problems, ...refusals],
    done: { ...outcome.done, [kind]: outcome.done[kind] + accepted },
  };
}

/** What can never be stopped would be asked to for ever, and be paid for: it is drained, so it is terminated instead. */
export function withoutStop(
  outcome: Outcome,
  stopped: readonly InstanceResult[],
  now: EpochSeconds,
): Outcome {
  const never = new Map(
    stopped.flatMap(({ instanceId, refusal }) =>
      refusal?.code.startsWith('Unsupported') === true ? [[instanceId, refusal.message] as const] : [],
    ),
  );
  if (never.size === 0) return outcome;
  const machines = outcome.machines.map((machine): Machine => {
    const why = never.get(machine.instanceId);
    if (why === undefined) return machine;
    return { ...machine, phase: 'terminating', phaseSince: now, reason: `it cannot be stopped: ${why}` };
  });
  return { ...outcome, machines };
}

/** A machine that could not be started is stopped still. Its pool rests where AWS spoke of that, else the machine alone. */
export function afterStart(
  outcome: Outcome,
  { instances, now }: Observation,
  { instanceId, refusal }: InstanceResult,
): Outcome {
  if (refusal === undefined) return { ...outcome, done: { ...outcome.done, start: outcome.done.start + 1 } };
  const machine = outcome.machines.find((other) => other.instanceId === instanceId);
  const pool = refusal.pool ?? poolIn(instances.find((instance) => instance.instanceId === instanceId));
  const reason = `could not be started: ${refusal.message}`;
  const isItsOwn = !ABOUT_POOL.has(refusal.kind);
  const stopped = (other: Machine): Machine => {
    if (other.instanceId !== instanceId) return other;
    const still = { ...other, phase: 'stopped', phaseSince: now, reason } as const;
    return isItsOwn ? { ...still, starts: afterRefusedStart(other.starts, now) } : still;
  };
  const setback = { kind: refusal.kind, reason, ...(pool === undefined ? {} : { pool }) };
  return {
    ...outcome,
    machines: outcome.machines.map(stopped),
    backOffs:
      machine === undefined || isItsOwn
        ? outcome.backOffs
        : afterSetback(outcome.backOffs, machine.type, setback, [], now),
    refused: outcome.refused + 1,
    problems: [...outcome.problems, { what: `start ${instanceId} (${CALLS.start})`, refusal }],
  };
}

/** Kinds of refusal that another machine of the same pool would meet as well. */
const ABOUT_POOL: ReadonlySet<string> = new Set([
  'capacity',
  'unsupported',
  'addresses',
  'market',
  'quota',
  'throttled',
]);

function afterRefusedStart(before: Machine['starts'], now: EpochSeconds): NonNullable<Machine['starts']> {
  const refused = (before?.refused ?? 0) + 1;
  const seconds = Math.min(START_REST_SECONDS * 2 ** (refused - 1), START_REST_SECONDS_MAX);
  return { undone: before?.undone ?? 0, refused, until: now + seconds };
}

export function afterLaunch(
  outcome: Outcome,
  { launch, type, result }: SentLaunch,
  now: EpochSeconds,
): Outcome {
  if (!result.answered) {
    const message = `${result.reason}; it will be sent again`;
    const refusal: Refusal = { kind: 'unknown', code: NO_ANSWER, message };
    return { ...outcome, problems: [...outcome.problems, { what: inWords(launch), refusal }] };
  }
  const known = new Set(outcome.machines.map(({ instanceId }) => instanceId));
  const fresh = result.instanceIds.filter((id) => !known.has(id));
  const refused = result.refusals.length === 0 ? 0 : Math.max(0, launch.count - result.instanceIds.length);
  return {
    ...outcome,
    machines: [
      ...outcome.machines,
      ...fresh.map((id) => launchedMachine(id, launch, type, result.pools.get(id), now)),
    ],
    answeredLaunches: [...outcome.answeredLaunches, launch.id],
    backOffs:
      result.instanceIds.length >= launch.count
        ? afterAcceptance(outcome.backOffs, launch.type, launch.pools)
        : afterRefusals(outcome.backOffs, launch, result.refusals, now),
    refused: outcome.refused + refused,
    problems: [
      ...outcome.problems,
      ...result.refusals.map((refusal) => ({ what: inWords(launch), refusal })),
    ],
    done: { ...outcome.done, launch: outcome.done.launch + fresh.length },
  };
}

const inWords = ({ count, type }: Launch): string => `launch ${count} ${type} (${CALLS.launch})`;

function launchedMachine(
  instanceId: string,
  launch: Launch,
  type: MachineType | undefined,
  pool: Pool | undefined,
  now: EpochSeconds,
): Machine {
  return {
    instanceId,
    type: launch.type,
    launchId: launch.id,
    phase: 'booting',
    phaseSince: now,
    reason: 'launched',
    billing: type?.billing ?? 'hourly',
    ...(pool === undefined ? {} : { pool }),
  };
}
