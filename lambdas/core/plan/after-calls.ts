/** The next state, once EC2 has answered a plan's calls. The plan says what it was before that. */
import { afterAcceptance } from '../capacity/back-off.ts';
import { poolIn } from '../capacity/pools.ts';
import { afterRefusals, afterSetback } from '../capacity/setback.ts';
import type { MachineType } from '../config/machine-type.ts';
import { isAboutPool, launched, startRefused, stopRefused } from '../life/answered.ts';
import { NO_ANSWER } from '../model/index.ts';
import type {
  Action,
  BackOff,
  EpochSeconds,
  InstanceResult,
  Launch,
  LaunchResult,
  Machine,
  Observation,
  Refusal,
} from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import type { Plan } from './plan.ts';

/** A launch with its answer. `type` is undefined where it has left the configuration. */
export interface SentLaunch {
  readonly launch: Launch;
  readonly type: MachineType | undefined;
  readonly result: LaunchResult;
}

/** What EC2 answered to a plan's actions. */
export interface Answers {
  readonly launched: readonly SentLaunch[];
  readonly started: readonly InstanceResult[];
  readonly stopped: readonly InstanceResult[];
  readonly terminated: readonly InstanceResult[];
}

/** What those answers changed of what the plan expected. */
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

/** AWS's own names, by which people find what it says of them. */
const CALLS = {
  launch: 'CreateFleet',
  start: 'StartInstances',
  stop: 'StopInstances',
  terminate: 'TerminateInstances',
} as const satisfies Record<Action['kind'], string>;

/** The machines, launches and back-offs of a plan after EC2's answers. One refusal never changes what another call came to. */
export function afterCalls(plan: Plan, observation: Observation, answers: Answers): Outcome {
  const { now } = observation;
  const before: Outcome = {
    machines: plan.machines,
    answeredLaunches: [],
    backOffs: plan.farm.backOffs,
    refused: 0,
    problems: [],
    done: { launch: 0, start: 0, stop: 0, terminate: 0 },
  };
  const terminated = afterEndings(before, 'terminate', answers.terminated);
  const stopped = afterStops(afterEndings(terminated, 'stop', answers.stopped), answers.stopped, now);
  const started = answers.started.reduce(
    (outcome, result) => afterStart(outcome, observation, result),
    stopped,
  );
  return answers.launched.reduce((outcome, sent) => afterLaunch(outcome, sent, now), started);
}

function afterEndings(
  outcome: Outcome,
  kind: 'stop' | 'terminate',
  results: readonly InstanceResult[],
): Outcome {
  const refusals = results.flatMap(({ instanceId, refusal }) =>
    refusal === undefined ? [] : [{ what: words.machineCall(kind, instanceId, CALLS[kind]), refusal }],
  );
  const accepted = results.length - refusals.length;
  return {
    ...outcome,
    problems: [...outcome.problems, ...refusals],
    done: { ...outcome.done, [kind]: outcome.done[kind] + accepted },
  };
}

function afterStops(outcome: Outcome, results: readonly InstanceResult[], now: EpochSeconds): Outcome {
  const refusals = new Map(results.map(({ instanceId, refusal }) => [instanceId, refusal]));
  const machines = outcome.machines.map((machine) => {
    const refusal = refusals.get(machine.instanceId);
    return refusal === undefined ? machine : stopRefused(machine, refusal, now);
  });
  return { ...outcome, machines };
}

/** A machine that could not be started is still stopped. Its pool rests where AWS spoke of that, else the machine alone. */
function afterStart(
  outcome: Outcome,
  { instances, now }: Observation,
  { instanceId, refusal }: InstanceResult,
): Outcome {
  if (refusal === undefined) return { ...outcome, done: { ...outcome.done, start: outcome.done.start + 1 } };
  const machine = outcome.machines.find((other) => other.instanceId === instanceId);
  const pool = refusal.pool ?? poolIn(instances.find((instance) => instance.instanceId === instanceId));
  const reason = words.startRefused(refusal);
  const setback = { kind: refusal.kind, reason, ...(pool === undefined ? {} : { pool }) };
  return {
    ...outcome,
    machines: outcome.machines.map((other) =>
      other.instanceId === instanceId ? startRefused(other, refusal, reason, now) : other,
    ),
    backOffs:
      machine === undefined || !isAboutPool(refusal)
        ? outcome.backOffs
        : afterSetback(outcome.backOffs, { type: machine.type, pools: [], ...setback }, now),
    refused: outcome.refused + 1,
    problems: [...outcome.problems, { what: words.machineCall('start', instanceId, CALLS.start), refusal }],
  };
}

function afterLaunch(outcome: Outcome, { launch, type, result }: SentLaunch, now: EpochSeconds): Outcome {
  if (!result.answered) {
    const refusal: Refusal = { kind: 'unknown', code: NO_ANSWER, says: words.noAnswer(result.reason) };
    return { ...outcome, problems: [...outcome.problems, { what: inWords(launch), refusal }] };
  }
  const { instanceIds, pools, refusals } = result;
  const known = new Set(outcome.machines.map(({ instanceId }) => instanceId));
  const fresh = instanceIds.filter((id) => !known.has(id));
  const billing = type?.billing ?? 'hourly';
  const born = fresh.map((instanceId) =>
    launched(launch, { instanceId, billing, pool: pools.get(instanceId) }, now),
  );
  const refused = refusals.length === 0 ? 0 : Math.max(0, launch.count - instanceIds.length);
  return {
    ...outcome,
    machines: [...outcome.machines, ...born],
    answeredLaunches: [...outcome.answeredLaunches, launch.id],
    backOffs:
      instanceIds.length >= launch.count
        ? afterAcceptance(outcome.backOffs, launch.type, launch.pools)
        : afterRefusals(outcome.backOffs, launch, refusals, now),
    refused: outcome.refused + refused,
    problems: [...outcome.problems, ...refusals.map((refusal) => ({ what: inWords(launch), refusal }))],
    done: { ...outcome.done, launch: outcome.done.launch + fresh.length },
  };
}

const inWords = ({ count, type }: Launch): string => words.launchCall(count, type, CALLS.launch);
