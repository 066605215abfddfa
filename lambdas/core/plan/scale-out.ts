/** Where missing machines come from: stopped ones first, then launches, all in one tick, within the caps. */
import { activeBackOff, trialOf } from '../back-off.ts';
import type { MachineType } from '../config/config.ts';
import type { TypeDemand } from '../demand.ts';
import type { BackOff, Launch, Market, Pool } from '../model.ts';
import { inPhase, isCapacity } from './planned.ts';
import type { Context, Planned } from './planned.ts';

/** What one type gets beyond the machines it has. */
export interface ScaleOut {
  readonly machines: readonly Planned[];
  readonly launch: Launch | undefined;
  /** Machines it could get and that are not asked for, because those before were refused or never got ready. */
  readonly resting: number;
  /** Why not more, when there is a reason; for people. */
  readonly shortfall: string | undefined;
}

/** Room under the caps, handed from type to type. */
export interface Room {
  readonly total: number;
  readonly type: number;
}

/** What of a machine tells whether it counts against the caps. */
type Alive = Pick<Planned, 'instance'> & { readonly machine?: Planned['machine'] };

/** An instance that exists and is, or is about to be, running; also one of another type or made by hand. */
export function isAlive({ machine, instance }: Alive): boolean {
  if (instance === undefined) return machine !== undefined && machine.phase !== 'stopped';
  return instance.state === 'pending' || instance.state === 'running' || instance.state === 'stopping';
}

/** Machines a launch without an answer may still bring, beyond those of it that are visible already. */
export function stillRequested(launch: Launch, machines: readonly Planned[]): number {
  const visible = machines.filter(({ machine }) => machine.launchId === launch.id).length;
  return Math.max(0, launch.count - visible);
}

/**
 * Brings one type up to what demand allows.
 * @param requested machines of unanswered launches of this type.
 * @param launchId the id a new launch shall have.
 */
export function scaleOut(
  context: Context,
  demand: TypeDemand,
  machines: readonly Planned[],
  requested: number,
  room: Room,
  launchId: string,
): ScaleOut {
  const lacking = demand.allowed - machines.filter(isCapacity).length - requested;
  const trial = trialBefore(context, demand.type, machines);
  const tried = trial === undefined ? lacking : Math.min(lacking, 1 - booting(machines) - requested);
  const out = bring(context, demand, machines, Math.max(0, tried), room, launchId);
  if (lacking <= 0 || trial === undefined) return out;
  const shortfall = out.shortfall ?? `tries one machine until it gets ready: ${trial.reason}`;
  return { ...out, resting: out.resting + lacking - Math.max(0, tried), shortfall };
}

/** As {@link scaleOut}, for so many missing machines. */
function bring(
  context: Context,
  demand: TypeDemand,
  machines: readonly Planned[],
  missing: number,
  room: Room,
  launchId: string,
): ScaleOut {
  if (missing <= 0) return { machines, launch: undefined, resting: 0, shortfall: undefined };
  const free = Math.max(0, Math.min(room.total, room.type));
  const startable = startableOf(context, machines).slice(0, Math.min(missing, free));
  const started = machines.map((planned) =>
    startable.includes(planned) ? start(context, planned, demand) : planned,
  );
  const count = Math.min(missing, free) - startable.length;
  const capped = missing > free ? capReason(context, demand.type, room) : undefined;
  if (count <= 0) return { machines: started, launch: undefined, resting: 0, shortfall: capped };
  return { machines: started, ...launchOf(context, demand.type, count, launchId, capped) };
}

/**
 * A broken image or key would cost as many machines at every attempt as the queue wants. After a failure that no ready
 * machine contradicts, or after two in a row, one machine shows whether it is any better now.
 */
function trialBefore(
  { backOffs, observation }: Context,
  { key }: MachineType,
  machines: readonly Planned[],
): BackOff | undefined {
  const failed = trialOf(backOffs, key, observation.now);
  const isContradicted = machines.some(({ machine }) => machine.phase === 'ready');
  return failed !== undefined && (failed.failures > 1 || !isContradicted) ? failed : undefined;
}

const booting = (machines: readonly Planned[]): number =>
  machines.filter((planned) => planned.machine.phase === 'booting' && isCapacity(planned)).length;

function startableOf(context: Context, machines: readonly Planned[]): readonly Planned[] {
  const rests = (type: string, pool: Pool | undefined): boolean =>
    activeBackOff(context.backOffs, type, pool, context.observation.now) !== undefined;
  return machines.filter(
    ({ machine, instance, order }) =>
      machine.phase === 'stopped' &&
      order?.kind !== 'drain' &&
      instance?.state === 'stopped' &&
      !instance.interrupted &&
      !rests(machine.type, undefined) &&
      !rests(machine.type, poolOf(instance)),
  );
}

/** The pool a stopped instance can only be started in. */
export function poolOf(instance: Planned['instance']): Pool | undefined {
  if (instance?.instanceType === undefined) return undefined;
  return { instanceType: instance.instanceType, subnet: instance.subnet ?? '', market: instance.market };
}

function start(context: Context, planned: Planned, demand: TypeDemand): Planned {
  const reason = `started again: ${demand.reason}`;
  return {
    ...planned,
    machine: inPhase(planned.machine, 'booting', reason, context.observation.now),
    action: 'start',
  };
}

function capReason(context: Context, type: MachineType, room: Room): string {
  return room.type <= room.total
    ? `at maxMachines ${type.maxMachines}, counting machines that drain, stop or boot`
    : `at maxTotalMachines ${context.config.maxTotalMachines}, counting what other types lack to their floors`;
}

function launchOf(
  context: Context,
  type: MachineType,
  count: number,
  id: string,
  capped: string | undefined,
): Omit<ScaleOut, 'machines'> {
  const { backOffs } = context;
  const { now } = context.observation;
  const typeBackOff = activeBackOff(backOffs, type.key, undefined, now);
  if (typeBackOff !== undefined)
    return { launch: undefined, resting: count, shortfall: waiting(typeBackOff, now) };
  const pools = usablePools(type, backOffs, now);
  if (pools.length === 0) {
    const first = poolsOf(type)
      .map((pool) => activeBackOff(backOffs, type.key, pool, now))
      .find((rest) => rest !== undefined);
    return {
      launch: undefined,
      resting: first === undefined ? 0 : count,
      shortfall: first === undefined ? 'it has no pool to launch in' : waiting(first, now),
    };
  }
  const launch = { id, type: type.key, count, pools, requestedAt: now };
  return { launch, resting: 0, shortfall: capped };
}

const waiting = ({ reason, until }: BackOff, now: number): string =>
  `rests for ${Math.ceil(until - now)} s more: ${reason}`;

/** The markets a type may launch on, the preferred one first. */
export const marketsOf = ({ market }: MachineType): readonly Market[] =>
  market === 'spot-then-on-demand' ? ['spot', 'on-demand'] : [market];

/** All pools of a type, in the configured order, on the preferred market first. */
export function poolsOf(type: MachineType): readonly Pool[] {
  const subnets = type.subnets.length === 0 ? [''] : type.subnets;
  return marketsOf(type).flatMap((market) =>
    type.instanceTypes.flatMap((instanceType) => subnets.map((subnet) => ({ instanceType, subnet, market }))),
  );
}

/** The pools one launch may use now: those not resting, all on one market, spot before on-demand. */
function usablePools(type: MachineType, backOffs: readonly BackOff[], now: number): readonly Pool[] {
  const usable = poolsOf(type).filter((pool) => activeBackOff(backOffs, type.key, pool, now) === undefined);
  return usable.filter(({ market }) => market === usable[0]?.market);
}
