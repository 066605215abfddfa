/**
 * What is there: remembered machines beside what EC2 shows. Instances without a record are adopted, records without
 * an instance are closed, and phases follow what EC2 says happened.
 */
import type { Instance, Launch, Machine } from '../model.ts';
import { inPhase, without } from './planned.ts';
import type { Context, Planned } from './planned.ts';

export interface Inventory {
  readonly machines: readonly Planned[];
  /** Instances whose record cannot be read: they count, and nothing is done to them. */
  readonly untouchable: readonly Instance[];
  /** Records to forget, each with the reason. */
  readonly closed: ReadonlyMap<string, string>;
  /** Launches that EC2 has not answered; they are sent again with the same token. */
  readonly unanswered: readonly Launch[];
  readonly closedLaunches: readonly string[];
}

/** An instance that EC2 does not show this long after its launch never came to be; propagation takes seconds. */
const PROPAGATION_SECONDS = 300;
/** A launch without an answer for this long is left to adoption by tag. EC2 keeps tokens for longer. */
const UNANSWERED_LAUNCH_SECONDS = 900;

export function takeInventory(context: Context): Inventory {
  const { state, instances, now } = context.observation;
  const byId = new Map(instances.map((instance) => [instance.instanceId, instance]));
  const closed = new Map<string, string>();
  const machines: Planned[] = [];
  for (const machine of state.machines) {
    const instance = byId.get(machine.instanceId);
    const end = whyClosed(machine, instance, now);
    if (end === undefined)
      machines.push(plannedFor(context, followInstance(machine, instance, now), instance));
    else closed.set(machine.instanceId, end);
  }
  const recorded = new Set(state.machines.map((machine) => machine.instanceId));
  const unreadable = new Set((state.unreadable ?? []).map(({ instanceId }) => instanceId));
  const strangers = instances.filter((instance) => !recorded.has(instance.instanceId) && isAlive(instance));
  const orphans = strangers.filter(({ instanceId }) => !unreadable.has(instanceId));
  machines.push(...orphans.map((instance) => adopt(context, instance)));
  const stale = (launch: Launch): boolean => now - launch.requestedAt > UNANSWERED_LAUNCH_SECONDS;
  return {
    machines,
    untouchable: strangers.filter(({ instanceId }) => unreadable.has(instanceId)),
    closed,
    unanswered: state.launches.filter((launch) => !stale(launch)),
    closedLaunches: state.launches.filter(stale).map((launch) => launch.id),
  };
}

const isAlive = (instance: Instance): boolean =>
  instance.state !== 'terminated' && instance.state !== 'shutting-down';

function whyClosed(machine: Machine, instance: Instance | undefined, now: number): string | undefined {
  if (instance?.state === 'terminated') {
    return machine.phase === 'terminating' ? 'terminated as planned' : 'AWS or a person terminated it';
  }
  if (instance !== undefined || now - machine.phaseSince < PROPAGATION_SECONDS) return undefined;
  return 'EC2 does not know it (any more)';
}

/** Brings the remembered phase in line with the instance's state. */
function followInstance(machine: Machine, instance: Instance | undefined, now: number): Machine {
  const moved =
    instance?.address === undefined || instance.address === machine.address
      ? machine
      : readdressed(machine, instance.address);
  switch (instance?.state) {
    case 'shutting-down':
      return machine.phase === 'terminating'
        ? moved
        : inPhase(moved, 'terminating', 'AWS or a person is terminating it', now);
    case 'stopping':
      return machine.phase === 'stopping'
        ? moved
        : inPhase(moved, 'stopping', 'AWS or a person is stopping it', now);
    case 'stopped':
      return machine.phase === 'stopped' ? moved : inPhase(asleep(moved), 'stopped', 'stopped', now);
    case 'running':
    case 'pending':
      return startedByOthers(machine) ? inPhase(moved, 'booting', 'AWS or a person started it', now) : moved;
    default:
      return moved;
  }
}

/** Our own stop always has a drain behind it; without one it was not ours and the machine is simply back. */
const startedByOthers = (machine: Machine): boolean =>
  machine.phase === 'stopped' || (machine.phase === 'stopping' && machine.drain === undefined);

/** A machine at another address is a stranger to the queue runner: its key and its listing start over. */
function readdressed(machine: Machine, address: string): Machine {
  const fresh = machine.address === undefined ? machine : without(machine, 'listed', 'seenListed');
  return { ...fresh, address };
}

const asleep = (machine: Machine): Machine =>
  without(machine, 'drain', 'listed', 'seenListed', 'surplusSince', 'unreachableSince');

function plannedFor(context: Context, machine: Machine, instance: Instance | undefined): Planned {
  const type = context.config.machineTypes.find(({ key }) => key === machine.type);
  const seen = machine.address === undefined ? undefined : context.status?.machines.get(machine.address);
  return { machine, instance, seen, type };
}

/** Takes in an instance that carries our tag but has no record: a launch whose answer was lost, or made by hand. */
function adopt(context: Context, instance: Instance): Planned {
  const { now } = context.observation;
  const type = context.config.machineTypes.find(({ key }) => key === instance.type);
  const base: Machine = {
    instanceId: instance.instanceId,
    type: instance.type ?? '',
    phase: 'booting',
    phaseSince: now,
    reason:
      instance.launchId === undefined
        ? 'adopted: it carries our tag'
        : `adopted: from launch ${instance.launchId}`,
    billing: type?.billing ?? 'hourly',
    ...(instance.launchId === undefined ? {} : { launchId: instance.launchId }),
    ...(instance.address === undefined ? {} : { address: instance.address }),
  };
  const planned = plannedFor(context, followInstance(base, instance, now), instance);
  const atWork = planned.seen !== undefined && (planned.seen.listed || planned.seen.currentJobs > 0);
  return atWork
    ? { ...planned, machine: inPhase(planned.machine, 'ready', 'adopted: the queue runner uses it', now) }
    : planned;
}
