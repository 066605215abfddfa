/** Goes through the types and brings each to what demand allows, under the caps they share. */
import type { Demand, TypeDemand } from '../demand.ts';
import type { Launch } from '../model.ts';
import type { Inventory } from './inventory.ts';
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
  for (const ofType of demand.types) {
    scaled = scaleType(context, ofType, launchable(ofType, stalled), scaled, inventory, launchId);
  }
  return scaled;
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
  const room = {
    type:
      demand.type.maxMachines -
      aliveOf(kept) -
      requested -
      inventory.untouchable.filter(({ type }) => type === key).length,
    total:
      context.config.maxTotalMachines -
      aliveOf(all) -
      requestedOf(launches, all) -
      inventory.untouchable.length,
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
