/**
 * What is there: remembered machines beside what EC2 shows. Instances without a record are adopted, records without
 * an instance are closed, and phases follow what EC2 says happened.
 */
import type { Instance, Launch, Machine, QueueMachine, RunnerKind } from '../model/index.ts';
import { machineOrder } from '../reason/orders.ts';
import type { LeftAlone } from '../reason/left-alone.ts';
import * as words from '../reason/words/index.ts';
import { isGone, noteAbsence } from './absence.ts';
import { isShownClear } from './drain.ts';
import { followInstance } from './following.ts';
import { hiddenUnrecorded, whyNotOurs } from './origin.ts';
import type { Whereabouts } from './dialect.ts';
import { begin, move } from './phases.ts';
import { priced } from './price.ts';
import { isRunnerReplaced, servedBy, serving, unknownToNewRunner } from './runner.ts';
import { UNTYPED, isShownAtWork } from './planned.ts';
import type { Context } from './context.ts';
import type { Planned } from './planned.ts';

/** An instance that counts and that nothing is done to. */
export interface Untouchable {
  readonly instance: Instance;
  readonly why: LeftAlone;
}

export interface Inventory {
  readonly machines: readonly Planned[];
  readonly untouchable: readonly Untouchable[];
  /** Records to forget, each with the reason. */
  readonly closed: ReadonlyMap<string, string>;
  /** Launches that EC2 has not answered; they are sent again with the same token. */
  readonly unanswered: readonly Launch[];
  readonly closedLaunches: readonly string[];
}

/** A launch without an answer for this long is left to adoption by tag. EC2 keeps tokens for longer. */
const UNANSWERED_LAUNCH_SECONDS = 900;

export function takeInventory(context: Context): Inventory {
  const { state, instances, now } = context.observation;
  const hostId = context.config.host.instanceId;
  const byId = new Map(instances.map((instance) => [instance.instanceId, instance]));
  const closed = new Map<string, string>();
  const machines: Planned[] = [];
  const isHalfSeen = context.halfSeen !== undefined;
  const isReplaced = isRunnerReplaced(context.observation);
  for (const remembered of state.machines) {
    const instance = byId.get(remembered.instanceId);
    const known = isReplaced ? unknownToNewRunner(remembered) : remembered;
    const machine = noteAbsence(known, instance, now);
    const end =
      machine.instanceId === hostId ? words.isHydraHost : whyClosed(context, machine, instance, isHalfSeen);
    if (end === undefined)
      machines.push(plannedFor(context, followInstance(context, machine, instance), instance));
    else closed.set(machine.instanceId, end);
  }
  const recorded = new Set(state.machines.map((machine) => machine.instanceId));
  const untouchable: Untouchable[] = [];
  for (const instance of instances) {
    if (!exists(instance)) continue;
    if (recorded.has(instance.instanceId) && !closed.has(instance.instanceId)) continue;
    // Asked for by its id: it no longer bears our tag, and what a fleet of ours launched is ours all the same.
    if (instance.untagged === true && whyNotOurs(context.observation, instance) !== undefined) continue;
    const why = whyLeftAlone(context, instance);
    if (why === undefined) machines.push(adopt(context, instance));
    else untouchable.push({ instance, why });
  }
  for (const { instanceId, type } of hiddenUnrecorded(context.observation)) {
    const instance = { instanceId, state: 'unknown', market: 'on-demand' } as const;
    untouchable.push({
      instance: type === undefined ? instance : { ...instance, type },
      why: { kind: 'hidden' },
    });
  }
  const stale = (launch: Launch): boolean => now - launch.requestedAt > UNANSWERED_LAUNCH_SECONDS;
  return {
    machines,
    untouchable,
    closed,
    unanswered: state.launches.filter((launch) => !stale(launch)),
    closedLaunches: state.launches.filter(stale).map((launch) => launch.id),
  };
}

const exists = (instance: Instance): boolean =>
  instance.state !== 'terminated' && instance.state !== 'shutting-down';

/** A record ends with its instance: EC2 shows its end, or has denied it for long enough. */
function whyClosed(
  { observation }: Context,
  machine: Machine,
  instance: Instance | undefined,
  isHalfSeen: boolean,
): string | undefined {
  if (instance?.state === 'terminated') {
    return machine.phase === 'terminating'
      ? words.terminated(machine.reason)
      : words.terminatedByOthers(instance.stateReason);
  }
  return isGone(observation, machine, isHalfSeen) ? words.unknownToEc2 : undefined;
}

function plannedFor(context: Context, machine: Machine, instance: Instance | undefined): Planned {
  const type = context.config.machineTypes.find(({ key }) => key === machine.type);
  const interrupted = instance?.interrupted ?? machine.interrupted ?? false;
  const seen = seenAs(context, machine);
  const order = machineOrder(context.observation.state.orders, machine.instanceId);
  const told = instance === undefined ? undefined : { ...instance, interrupted };
  const isForeign = servedBy(machine) !== context.dialect.kind;
  const known = priced(machine, type, instance, context.observation.state.prices);
  return { machine: known, instance: told, seen, type, order, ...(isForeign && { isForeign }) };
}

/** What the queue runner says holds, whatever EC2 leaves out: it may show work where nothing may end. */
const seenAs = (
  { observation: { queue }, dialect }: Context,
  machine: Whereabouts,
): QueueMachine | undefined => (queue.trusted ? dialect.seenIn(queue, machine) : undefined);

/** Why an instance without a record is not taken in yet: what is not known to be free of work is not touched. */
function whyLeftAlone(context: Context, instance: Instance): LeftAlone | undefined {
  const { state } = context.observation;
  const { instanceId, launchId } = instance;
  const unreadable = state.unreadable?.find((record) => record.instanceId === instanceId);
  if (instanceId === context.config.host.instanceId) return { kind: 'hydra-host' };
  if (instance.state === 'unknown') return { kind: 'unknown-state' };
  if (unreadable !== undefined)
    return { kind: 'unreadable', record: unreadable.key, problem: unreadable.problem };
  const notOurs = whyNotOurs(context.observation, instance);
  if (notOurs !== undefined) return notOurs;
  if (instance.state !== 'running' || state.launches.some(({ id }) => id === launchId)) return undefined;
  if (context.status === undefined) return { kind: 'untold' };
  const seen = seenAs(context, instance);
  return seen === undefined || isShownAtWork({ seen }) || isShownClear(context, instanceId, seen)
    ? undefined
    : { kind: 'unclear' };
}

/** The queue runner it was launched for; where no launch tells, the one it found when it booted. */
function launchedFor({ observation, dialect }: Context, { launchId }: Instance): RunnerKind {
  const launch = observation.state.launches.find(({ id }) => id === launchId);
  return launch === undefined ? dialect.kind : servedBy(launch);
}

/** Takes in a machine of ours that has no record: of a launch whose answer was lost, or by hand from our template. */
function adopt(context: Context, instance: Instance): Planned {
  const { now } = context.observation;
  const type = context.config.machineTypes.find(({ key }) => key === instance.type);
  const fields = {
    instanceId: instance.instanceId,
    type: instance.type ?? UNTYPED,
    billing: type?.billing ?? 'hourly',
    ...serving(launchedFor(context, instance)),
    ...(instance.launchId === undefined ? {} : { launchId: instance.launchId }),
    ...(instance.address === undefined ? {} : { address: instance.address }),
  };
  const base = begin('adopted', fields, words.adopted(instance.launchId), now);
  const planned = plannedFor(context, followInstance(context, base, instance), instance);
  return isShownAtWork(planned) && instance.state === 'running'
    ? { ...planned, machine: move(planned.machine, 'foundAtWork', words.adoptedAtWork, now) }
    : planned;
}
