/** Brings each type to what demand allows, under the caps they share: floors first, then demand, in the configured order. */
import type { Demand, TypeDemand } from './demand.ts';
import type { Launch } from '../model/index.ts';
import { orderInWords, pauseOf } from '../reason/orders.ts';
import { isCapacity } from '../life/planned.ts';
import type { Context } from '../life/context.ts';
import type { Result } from '../reason/result.ts';
import type { Planned } from '../life/planned.ts';
import { machinesInUse, scaleIn } from './scale-in.ts';
import { highestPrice, lessened, shareOut } from './room.ts';
import type { Room } from './room.ts';
import { scaleOut } from './scale-out.ts';
import type { ScaleOut } from './scale-out.ts';
import { excessStopped } from './stopped.ts';
import { aliveOf, costOf, requestedOf, roomBeside, totalRoom } from './taken.ts';
import type { Counted } from './taken.ts';

export interface Scaled {
  readonly machines: readonly Planned[];
  readonly launches: readonly Launch[];
  /** Machines of all types that rest; see {@link ScaleOut}. */
  readonly resting: number;
  /** Why a type has fewer machines than it is allowed, by type. */
  readonly shortfalls: ReadonlyMap<string, string>;
}

/** What one type has and lacks, once it is known which of its machines stay. */
interface Account {
  readonly demand: TypeDemand;
  readonly machines: readonly Planned[];
  /** Machines of its unanswered launches that are not visible yet. */
  readonly requested: number;
  /** How many more machines it may have under its own cap; negative above it, and 0 while paused. */
  readonly room: number;
  /** What one more costs at most, in dollars an hour. */
  readonly price: Result<number>;
  /** The words of the pause that holds it as it is. */
  readonly pause: string | undefined;
}

/** The farm to be scaled. */
export interface Scalable {
  /** The machines, and all that counts against the caps beside them. */
  readonly inventory: Counted;
  /** Types whose work waits beside free slots: more machines would not help those. */
  readonly stalled: ReadonlySet<string>;
}

export function scaleTypes(
  context: Context,
  demand: Demand,
  { inventory, stalled }: Scalable,
  launchId: (n: number) => string,
): Scaled {
  const shares = keepShares(context, demand, inventory);
  const accounts = demand.types.map((ofType) => ({
    ...accountOf(context, ofType, inventory, shares.get(ofType.type.key) ?? 0),
    demand: launchable(ofType, stalled),
  }));
  const configured = new Set(demand.types.map(({ type }) => type.key));
  const others = inventory.machines.filter(({ machine }) => !configured.has(machine.type));
  let scaled: Scaled = { machines: others, launches: [], resting: 0, shortfalls: new Map() };
  let left = totalRoom(context, inventory);
  const floors = new Map(floorShares(accounts, left));
  const prices = new Map(accounts.map(({ demand: { type }, price }) => [type.key, valueOf(price)]));
  for (const { demand: ofType, machines, requested, room, price, pause } of accounts) {
    const { key } = ofType.type;
    const ownFloor = floors.get(key) ?? 0;
    const reserved = [...floors].filter(([other]) => other !== key);
    const total = reserved.reduce(
      (all, [other, count]) => lessened(all, count, prices.get(other) ?? 0),
      left,
    );
    const out =
      pause === undefined
        ? scaleOut(context, {
            demand: ofType,
            machines,
            requested,
            room: { type: room, total, price },
            launchId: launchId(scaled.launches.length),
          })
        : { machines, launch: undefined, resting: 0, shortfall: pause };
    const starting = out.machines.filter(({ action }) => action === 'start');
    const added = starting.length + (out.launch?.count ?? 0);
    const launched = lessened(left, out.launch?.count ?? 0, valueOf(price));
    left = starting.reduce((all, one) => lessened(all, 1, costOf(context, [one])), launched);
    floors.set(key, Math.max(0, ownFloor - added));
    const excess = excessStopped(ofType.type, out, requested, context.observation.now);
    scaled = withType(scaled, key, {
      ...out,
      machines: out.machines.map((planned) =>
        excess.has(planned) ? { ...planned, isExcess: true } : planned,
      ),
    });
  }
  return scaled;
}

const withType = (
  scaled: Scaled,
  key: string,
  { machines, launch, resting, shortfall }: ScaleOut,
): Scaled => ({
  machines: [...scaled.machines, ...machines],
  launches: launch === undefined ? scaled.launches : [...scaled.launches, launch],
  resting: scaled.resting + resting,
  shortfalls: shortfall === undefined ? scaled.shortfalls : new Map([...scaled.shortfalls, [key, shortfall]]),
});

/** @param share machines it may keep under the common cap. */
function accountOf(
  context: Context,
  demand: TypeDemand,
  { machines, unanswered, untouchable }: Counted,
  share: number,
): Account {
  const { key, maxMachines } = demand.type;
  const { state, now } = context.observation;
  const pause = pauseOf(state.orders, key);
  const ofType = machines.filter(({ machine }) => machine.type === key);
  const kept = pause === undefined ? scaleIn(context, demand, ofType, share) : ofType;
  const requested = requestedOf(
    unanswered.filter(({ type }) => type === key),
    machines,
  );
  const leftAlone = untouchable.filter(({ instance }) => instance.type === key).length;
  return {
    demand,
    machines: kept,
    requested,
    price: highestPrice(context.config, demand.type, context.observation.state.prices),
    room: pause === undefined ? maxMachines - aliveOf(kept, now) - requested - leftAlone : 0,
    pause: pause && orderInWords(pause, now),
  };
}

/**
 * How many of its machines each type may keep under the common caps, which may have been lowered: floors first, then what
 * is in use, in the configured order. A paused type keeps what it has. What costs nobody knows how much is not sent away.
 */
function keepShares(
  context: Context,
  { types }: Demand,
  { machines, untouchable }: Counted,
): ReadonlyMap<string, number> {
  const { observation } = context;
  const needs = types.map((demand) => {
    const ofType = machines.filter(({ machine }) => machine.type === demand.type.key);
    const isHeld = pauseOf(observation.state.orders, demand.type.key) !== undefined;
    const used = isHeld ? aliveOf(ofType, observation.now) : machinesInUse(context, demand, ofType);
    const price = ofType.length === 0 ? 0 : costOf(context, ofType) / ofType.length;
    return { key: demand.type.key, price, used, first: isHeld ? used : Math.min(demand.floor, used) };
  });
  const room = roomBeside(context, untouchable);
  const firsts = shareOut(
    needs.map(({ first, price }) => ({ machines: first, price })),
    room,
  );
  const rests = shareOut(
    needs.map(({ used, first, price }) => ({ machines: used - first, price })),
    needs.reduce((left, { price }, index) => lessened(left, firsts[index] ?? 0, price), room),
  );
  return new Map(needs.map(({ key }, index) => [key, (firsts[index] ?? 0) + (rests[index] ?? 0)]));
}

/** What costs nobody knows how much is not launched, and takes no room from others. */
const valueOf = (price: Result<number>): number => (price.ok ? price.value : 0);

/** While the dispatcher is stalled only the floor is launched: more machines would stand beside the same waiting steps. */
function launchable(demand: TypeDemand, stalled: ReadonlySet<string>): TypeDemand {
  if (!stalled.has(demand.type.key)) return demand;
  return { ...demand, allowed: Math.min(demand.allowed, demand.floor) };
}

/** The room under the common caps for each type's floor, by type, whatever the others want beyond theirs. */
function floorShares(accounts: readonly Account[], total: Room): ReadonlyMap<string, number> {
  const wanted = accounts.map(({ demand, machines, requested, room, price }) => {
    const floor = Math.min(demand.floor, demand.allowed);
    const lacking = Math.min(floor - machines.filter(isCapacity).length - requested, room);
    return { machines: price.ok ? lacking : 0, price: valueOf(price) };
  });
  const shares = shareOut(wanted, total);
  return new Map(accounts.map(({ demand }, index) => [demand.type.key, shares[index] ?? 0]));
}
