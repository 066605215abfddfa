/** Carries a plan's actions out on EC2 and says what became of each. One refusal never stops the others. */
import { afterSetback, afterSuccess } from '../core/back-off.ts';
import type { Config, MachineType } from '../core/config/config.ts';
import type { Action, BackOff, EpochSeconds, Launch, Machine, Observation } from '../core/model.ts';
import type { Plan } from '../core/plan/plan.ts';
import { poolOf } from '../core/plan/scale-out.ts';
import type { InstanceResult, LaunchResult, MachineFleet, Refusal } from '../ports.ts';
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

/** @param unsaved instance and launch ids whose intent could not be saved: they are left for the next round. */
export async function act(
  fleet: MachineFleet,
  config: Config,
  observation: Observation,
  plan: Plan,
  unsaved: readonly string[],
): Promise<Outcome> {
  const { now } = observation;
  const actions = plan.actions.filter(
    (action) => !unsaved.includes(action.kind === 'launch' ? action.launch.id : action.instanceId),
  );
  const ids = (kind: 'start' | 'stop' | 'terminate'): readonly string[] =>
    actions.flatMap((action) => (action.kind === kind ? [action.instanceId] : []));
  const launches = actions.flatMap((action) => (action.kind === 'launch' ? [action.launch] : []));
  const [terminated, stopped, started, launched] = await Promise.all([
    inBulk((all) => fleet.terminate(all), ids('terminate')),
    inBulk((all) => fleet.stop(all), ids('stop')),
    inBulk((all) => fleet.start(all), ids('start')),
    Promise.all(launches.map(async (launch) => sendLaunch(fleet, config, launch))),
  ]);
  const before: Outcome = {
    machines: plan.machines,
    answeredLaunches: [],
    backOffs: plan.farm.backOffs,
    refused: 0,
    problems: [],
    done: { launch: 0, start: 0, stop: 0, terminate: 0 },
  };
  const ended = withoutStop(
    afterEndings(afterEndings(before, 'terminate', terminated), 'stop', stopped),
    stopped,
    now,
  );
  const woken = started.reduce((outcome, result) => afterStart(outcome, observation, result), ended);
  return launched.reduce((outcome, sent) => afterLaunch(outcome, sent, now), woken);
}

async function inBulk(
  send: (ids: readonly string[]) => Promise<readonly InstanceResult[]>,
  ids: readonly string[],
): Promise<readonly InstanceResult[]> {
  return ids.length === 0 ? [] : send(ids);
}

interface SentLaunch {
  readonly launch: Launch;
  readonly type: MachineType | undefined;
  readonly result: LaunchResult;
}

/** A launch whose type has left the configuration is given up: what it may have brought is adopted by its tags. */
async function sendLaunch(fleet: MachineFleet, config: Config, launch: Launch): Promise<SentLaunch> {
  const type = config.machineTypes.find(({ key }) => key === launch.type);
  if (type === undefined) return { launch, type, result: { answered: true, instanceIds: [], refusals: [] } };
  return { launch, type, result: await fleet.launch(launch, type) };
}

function afterEndings(
  outcome: Outcome,
  kind: 'stop' | 'terminate',
  results: readonly InstanceResult[],
): Outcome {
  const refusals = results.flatMap(({ instanceId, refusal }) =>
    refusal === undefined ? [] : [{ what: `${kind} ${instanceId}`, refusal }],
  );
  const accepted = results.length - refusals.length;
  return {
    ...outcome,
    problems: [...outcome.problems, ...refusals],
    done: { ...outcome.done, [kind]: outcome.done[kind] + accepted },
  };
}

/** What can never be stopped would be asked to for ever, and be paid for: it is drained, so it is terminated instead. */
function withoutStop(outcome: Outcome, stopped: readonly InstanceResult[], now: EpochSeconds): Outcome {
  const never = new Map(
    stopped.flatMap(({ instanceId, refusal }) =>
      refusal?.kind === 'configuration' ? [[instanceId, refusal.message] as const] : [],
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

/** A machine that could not be started is stopped still; in its pool nothing is tried for a while. */
function afterStart(
  outcome: Outcome,
  { instances, now }: Observation,
  { instanceId, refusal }: InstanceResult,
): Outcome {
  if (refusal === undefined) return { ...outcome, done: { ...outcome.done, start: outcome.done.start + 1 } };
  const machine = outcome.machines.find((other) => other.instanceId === instanceId);
  const pool = refusal.pool ?? poolOf(instances.find((instance) => instance.instanceId === instanceId));
  const reason = `could not be started: ${refusal.message}`;
  const setback = { kind: refusal.kind, reason, ...(pool === undefined ? {} : { pool }) };
  return {
    ...outcome,
    machines: outcome.machines.map((other) =>
      other.instanceId === instanceId ? { ...other, phase: 'stopped', phaseSince: now, reason } : other,
    ),
    backOffs:
      machine === undefined
        ? outcome.backOffs
        : afterSetback(outcome.backOffs, machine.type, setback, [], now),
    refused: outcome.refused + 1,
    problems: [...outcome.problems, { what: `start ${instanceId}`, refusal }],
  };
}

function afterLaunch(outcome: Outcome, { launch, type, result }: SentLaunch, now: EpochSeconds): Outcome {
  if (!result.answered) {
    const refusal: Refusal = {
      kind: 'unknown',
      code: NO_ANSWER,
      message: `${result.reason}; it will be sent again`,
    };
    return {
      ...outcome,
      problems: [...outcome.problems, { what: `launch ${launch.count} ${launch.type}`, refusal }],
    };
  }
  const known = new Set(outcome.machines.map(({ instanceId }) => instanceId));
  const fresh = result.instanceIds.filter((id) => !known.has(id));
  const refused = result.refusals.length === 0 ? 0 : Math.max(0, launch.count - result.instanceIds.length);
  return {
    ...outcome,
    machines: [...outcome.machines, ...fresh.map((id) => launchedMachine(id, launch, type, now))],
    answeredLaunches: [...outcome.answeredLaunches, launch.id],
    backOffs: backOffsAfterLaunch(outcome.backOffs, launch, result, now),
    refused: outcome.refused + refused,
    problems: [
      ...outcome.problems,
      ...result.refusals.map((refusal) => ({ what: `launch ${launch.count} ${launch.type}`, refusal })),
    ],
    done: { ...outcome.done, launch: outcome.done.launch + fresh.length },
  };
}

function launchedMachine(
  instanceId: string,
  launch: Launch,
  type: MachineType | undefined,
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
  };
}

/** A whole success frees the pools; otherwise each refusal rests what it was about. */
function backOffsAfterLaunch(
  backOffs: readonly BackOff[],
  launch: Launch,
  result: Extract<LaunchResult, { answered: true }>,
  now: EpochSeconds,
): readonly BackOff[] {
  if (result.instanceIds.length >= launch.count) {
    return launch.pools.reduce((all, pool) => afterSuccess(all, launch.type, pool), backOffs);
  }
  return result.refusals.reduce((all, { kind, code, message, pool }) => {
    const setback = { kind, reason: `${code}: ${message}`, ...(pool === undefined ? {} : { pool }) };
    return afterSetback(all, launch.type, setback, launch.pools, now);
  }, backOffs);
}
