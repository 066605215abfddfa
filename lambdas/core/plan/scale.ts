/** Goes through the types and brings each to what demand allows, under the caps they share. */
import type { Demand, TypeDemand } from '../demand.ts';
import type { Launch } from '../model.ts';
import type { Inventory } from './inventory.ts';
import { isCapacity } from './planned.ts';
import type { Context, Planned } from './planned.ts';
import { scaleIn } from './scale-in.ts';
import { isAlive, scaleOut, stillRequested } from './scale-out.ts';

export interface Scaled {
  readonly machines: readonly Planned[];
  readonly launches: readonly Launch[];
  /** Why a type has fewer machines than it is allowed, by type. */
  readonly shortfalls: ReadonlyMap<string, string>;
}

/**
 * @param inventory the machines, and all that counts against the caps beside them.
 * @param stalled types whose work waits beside free slots: more machines would not help those.
 */
export function scaleTypes(
  context: Context,
  demand: Demand,
  inventory: Counted,
  stalled: ReadonlySet<string>,
  launchId: (n: number) => string,
): Scaled {
  let scaled: Scaled = { machines: inventory.machines, launches: [], shortfalls: new Map() };
  demand.types.forEach((ofType, index) => {
    const later = floorsMissing(demand.types.slice(index + 1), scaled.machines, inventory.unanswered);
    scaled = scaleType(context, ofType, launchable(ofType, stalled), scaled, inventory, later, launchId);
  });
  return scaled;
}

/** Machines that types further down lack to their floors: what one type wants beyond its own must leave room for them. */
function floorsMissing(
  types: readonly TypeDemand[],
  machines: readonly Planned[],
  launches: readonly Launch[],
): number {
  return types.reduce((sum, { type, floor }) => {
    const ofType = machines.filter(({ machine }) => machine.type === type.key);
    const requested = requestedOf(
      launches.filter((launch) => launch.type === type.key),
      machines,
    );
    const have = aliveOf(ofType) + requested;
    return sum + Math.max(0, Math.min(floor, type.maxMachines) - have);
  }, 0);
}

type Counted = Pick<Inventory, 'machines' | 'unanswered' | 'untouchable'>;

/** While the dispatcher is stalled only the floor is launched: more machines would stand beside the same waiting steps. */
function launchable(demand: TypeDemand, stalled: ReadonlySet<string>): TypeDemand {
  if (!stalled.has(demand.type.key)) return demand;
  return { ...demand, allowed: Math.min(demand.allowed, demand.floor) };
}

function scaleType(
  context: Context,
  demand: TypeDemand,
  toLaunch: TypeDemand,
  before: Scaled,
  inventory: Counted,
  reserved: number,
  launchId: (n: number) => string,
): Scaled {
  const key = demand.type.key;
  const isOurs = ({ machine }: Planned): boolean => machine.type === key;
  const kept = scaleIn(context, demand, before.machines.filter(isOurs));
  const others = before.machines.filter((planned) => !isOurs(planned));
  const all = [...others, ...kept];
  const launches = [...inventory.unanswered, ...before.launches];
  const requested = requestedOf(
    launches.filter(({ type }) => type === key),
    all,
  );
  const untouchable = inventory.untouchable.filter(({ instance }) => instance.type === key);
  const total =
    context.config.maxTotalMachines -
    aliveOf(all) -
    requestedOf(launches, all) -
    inventory.untouchable.length;
  const ownFloor = Math.max(0, demand.floor - kept.filter(isCapacity).length - requested);
  const room = {
    type: demand.type.maxMachines - aliveOf(kept) - requested - untouchable.length,
    total: Math.min(total, Math.max(total - reserved, ownFloor)),
  };
  const out = scaleOut(context, toLaunch, kept, requested, room, launchId(before.launches.length));
  return {
    machines: [...others, ...out.machines],
    launches: out.launch === undefined ? before.launches : [...before.launches, out.launch],
    shortfalls:
      out.shortfall === undefined ? before.shortfalls : new Map([...before.shortfalls, [key, out.shortfall]]),
  };
}

const aliveOf = (machines: readonly Planned[]): number =>
  machines.filter((planned) => isAlive(planned) || planned.action === 'start').length;

const requestedOf = (launches: readonly Launch[], machines: readonly Planned[]): number =>
  launches.reduce((sum, launch) => sum + stillRequested(launch, machines), 0);
