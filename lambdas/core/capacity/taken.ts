/** What counts against the caps: machines that live, are asked for, or are nobody's to touch; and what they cost. */
import type { MachineType } from '../config/machine-type.ts';
import type { Context } from '../life/context.ts';
import type { Inventory, Untouchable } from '../life/inventory.ts';
import type { Planned } from '../life/planned.ts';
import { priceOf } from '../life/price.ts';
import type { Launch } from '../model/index.ts';
import { allRoom, highestPrice } from './room.ts';
import type { Room } from './room.ts';

export type Counted = Pick<Inventory, 'machines' | 'unanswered' | 'untouchable'>;

/** The parts of a machine that tell whether it counts against the caps. */
type Alive = Pick<Planned, 'instance'> & { readonly machine?: Planned['machine'] | undefined };

/** An instance that AWS keeps in a state on the way to its end for this long, in seconds, holds no place for work any more. */
export const STUCK_SECONDS = 1800;

/** An instance that exists and is, or is about to be, running; also one of another type or made by hand. */
export function isAlive({ machine, instance }: Alive, now: number): boolean {
  if (instance === undefined) return machine !== undefined && machine.phase !== 'stopped';
  if (instance.state === 'stopping') return !isStuck({ machine, instance }, now);
  return instance.state === 'pending' || instance.state === 'running' || instance.state === 'unknown';
}

/** Whether AWS has been stopping or ending it for so long that something is wrong. It is not billed meanwhile. */
export function isStuck({ machine, instance }: Alive, now: number): boolean {
  const isOnItsWay =
    (instance?.state === 'stopping' && machine?.phase === 'stopping') ||
    (instance?.state === 'shutting-down' && machine?.phase === 'terminating');
  return isOnItsWay && now - (machine.goingDownSince ?? now) >= STUCK_SECONDS;
}

/** Machines a launch without an answer may still bring, beyond those of it that are visible already. */
export function stillRequested(launch: Launch, machines: readonly Planned[]): number {
  const visible = machines.filter(({ machine }) => machine.launchId === launch.id).length;
  return Math.max(0, launch.count - visible);
}

/** How much more all types together may have. */
export function totalRoom(context: Context, { machines, unanswered, untouchable }: Counted): Room {
  const alive = machines.filter((planned) => isAlive(planned, context.observation.now));
  const requested = unanswered.reduce(
    (all, launch) => all + stillRequested(launch, machines) * (costOfNew(context, launch.type) ?? 0),
    0,
  );
  const { machines: places, dollars } = roomBeside(context, untouchable);
  return {
    machines: places - alive.length - requestedOf(unanswered, machines),
    dollars: dollars - costOf(context, alive) - requested,
  };
}

/** What the caps leave for machines of ours. */
export function roomBeside(context: Context, untouchable: readonly Untouchable[]): Room {
  const { machines, dollars } = allRoom(context.config);
  const { prices } = context.observation.state;
  const cost = untouchable.reduce((all, { instance }) => {
    const type = typeOf(context, instance.type);
    const price = type && priceOf(type, prices, { ...instance, instanceType: instance.instanceType });
    return all + ((price?.ok ? price.value : costOfNew(context, instance.type)) ?? 0);
  }, 0);
  return { machines: machines - untouchable.length, dollars: dollars - cost };
}

/** In dollars an hour, as far as it is known. */
export const costOf = (context: Context, machines: readonly Planned[]): number =>
  machines.reduce((all, planned) => all + (knownCost(context, planned) ?? 0), 0);

/** One whose price is not known yet costs as much as a new one of its type may; undefined where that is not known either. */
export const knownCost = (context: Context, { machine }: Planned): number | undefined =>
  machine.dollarsPerHour ?? costOfNew(context, machine.type);

/** At most, in dollars an hour; undefined where it is not known. */
function costOfNew(context: Context, key: string | undefined): number | undefined {
  const type = typeOf(context, key);
  const price = type && highestPrice(context.config, type, context.observation.state.prices);
  return price?.ok ? price.value : undefined;
}

const typeOf = ({ config }: Context, key: string | undefined): MachineType | undefined =>
  config.machineTypes.find((one) => one.key === key);

export const aliveOf = (machines: readonly Planned[], now: number): number =>
  machines.filter((planned) => isAlive(planned, now)).length;

/** Machines that launches without an answer may still bring. */
export const requestedOf = (launches: readonly Launch[], machines: readonly Planned[]): number =>
  launches.reduce((all, launch) => all + stillRequested(launch, machines), 0);
