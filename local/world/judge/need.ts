/**
 * Rule 4 and the account of need: which machine time was wanted. Looked at once a minute; a machine is wanted while
 * it works, while builds wait that it could take, while a floor or an order holds it, and until it can have booted.
 */
import { standingFloor } from '../../../lambdas/core/config/warm.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { RegionInstance } from '../region/instance.ts';
import { aliveMachines, typeKeyOf, typeOf, waitingFor } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Orders } from './orders.ts';
import type { Violate } from './violations.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
/** Between two looks. */
export const LOOK_SECONDS = 60;
/** Three ticks and a whole drain: what an unwanted machine may need to go. */
const GOING_SECONDS = 1500;
/** Within this long before its hour turns an unwanted machine must be seen by a tick and drained: two ticks and a drain. */
const TURN_SECONDS = 1020;
/** No storm lasts so long, and no calm is as short: a machine idle for this long, in seconds, is judged, trouble or not. */
const IDLE_SECONDS_MAX = 4 * HOUR_SECONDS;
/** What AWS does not let us end has its dead-man switch: its limit as deployed, and one look of it, in seconds. */
const SWITCH_SECONDS = 90 * 60 + 600;
/** After a boot timeout the failed machine is still to be found and ended. */
const BOOT_SPARE_SECONDS = 900;

/** By a target wait no machine is kept without need for longer than this, in seconds, however often it is needed again. */
const KEPT_SECONDS_MAX = 1800;

/** For how long a machine may stay that is not needed, beside what is paid. */
function graceOf(type: MachineType | undefined): number {
  if (type?.targetWaitSeconds === undefined) return type?.gracePeriodSeconds ?? 0;
  return type.billing === 'per-second' ? KEPT_SECONDS_MAX : 0;
}

/** What one look says of a machine. */
interface Seen {
  readonly isWanted: boolean;
  readonly troubled: boolean;
  /** A floor holds machines of its type that have no work. */
  readonly someHeld: boolean;
}

interface Idle {
  readonly since: number;
  /** When a floor last held machines of its type: which of several idle ones it held is not the judge's choice. */
  heldAt: number;
  leaked: boolean;
}

export class Need {
  /** Machines that stayed without need for longer than any rule allows. */
  leaked = 0;
  /** Machine time that was wanted, in seconds. */
  wantedSeconds = 0;
  /** Machine time not wanted while something was wrong with the world, in seconds. */
  troubledSeconds = 0;
  readonly #world: Watched;
  readonly #orders: Orders;
  readonly #violate: Violate;
  readonly #idle = new Map<string, Idle>();
  /** Since when a machine has not been wanted, trouble or not. */
  readonly #unwanted = new Map<string, number>();
  readonly #hours = new Map<string, number>();
  /** Instances that AWS has refused to end or stop. */
  readonly #refused = new Set<string>();

  constructor(world: Watched, orders: Orders, violate: Violate) {
    this.#world = world;
    this.#orders = orders;
    this.#violate = violate;
  }

  /** AWS has refused to end or stop these. */
  refused(instanceIds: readonly string[]): void {
    for (const id of instanceIds) this.#refused.add(id);
  }

  /**
   * One look.
   * @param troubled whether something is, or was lately, wrong with the world: then no machine is blamed.
   * @param floorOf machines of a type that a person holds, beyond what the configuration keeps.
   */
  look(troubled: boolean, floorOf: (type: string) => number): void {
    const alive = aliveMachines(this.#world);
    const byType = Map.groupBy(alive, (instance) => typeOf(instance, this.#world.config));
    for (const [type, machines] of byType) {
      const floor =
        type === undefined ? 0 : Math.max(standingFloor(type, this.#world.timeline.now), floorOf(type.key));
      const isAwaited = type !== undefined && waitingFor(this.#world, type).next().done !== true;
      const held = this.#heldOf(machines, type, floor);
      for (const instance of machines) {
        if (instance.state !== 'running') continue;
        const isKept = held.has(instance) || this.#isOrdered(instance);
        const isWanted = isAwaited || isKept || this.#isBusyOrBooting(instance, type);
        this.#note(instance, type, { isWanted, troubled, someHeld: held.size > 0 });
      }
    }
    const ids = new Set(alive.map(({ instanceId }) => instanceId));
    for (const map of [this.#idle, this.#unwanted])
      for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
  }

  /** Of machines without work, as many as the floor lacks: those that were held before, then the longest idle. */
  #heldOf(
    machines: readonly RegionInstance[],
    type: MachineType | undefined,
    floor: number,
  ): ReadonlySet<RegionInstance> {
    if (floor === 0) return new Set();
    const isOffered = this.#world.offers.now();
    const idle = machines.filter((instance) => !this.#isBusyOrBooting(instance, type));
    const atWork = machines.filter((instance) => isOffered(instance) && !idle.includes(instance));
    const since = ({ instanceId }: RegionInstance): number => this.#idle.get(instanceId)?.since ?? 0;
    // What is left of another queue runner's farm, and stays at a person's word, keeps no floor of this one.
    const useful = idle.filter((instance) => isOffered(instance) || !this.#isOrdered(instance));
    const first = useful.toSorted((a, b) => since(a) - since(b));
    return new Set(first.slice(0, Math.max(0, floor - atWork.length)));
  }

  /** A person protects it, or has paused its type. */
  #isOrdered(instance: RegionInstance): boolean {
    const { instanceId } = instance;
    return this.#orders.mayHold('protect', instanceId) || this.#orders.mayHold('pause', typeKeyOf(instance));
  }

  #isBusyOrBooting(instance: RegionInstance, type: MachineType | undefined): boolean {
    const { ledger, timeline } = this.#world;
    const bootSeconds = (type?.bootTimeoutSeconds ?? 0) + BOOT_SPARE_SECONDS;
    const isBooting = instance.bootedAt === undefined && timeline.now - instance.startedAt < bootSeconds;
    return isBooting || ledger.at(instance.address).length > 0;
  }

  #note(instance: RegionInstance, type: MachineType | undefined, seen: Seen): void {
    const { isWanted, troubled, someHeld } = seen;
    const { now } = this.#world.timeline;
    const { instanceId } = instance;
    this.#noteUnwanted(instance, type, isWanted || someHeld);
    if (isWanted) this.wantedSeconds += LOOK_SECONDS;
    else if (troubled) this.troubledSeconds += LOOK_SECONDS;
    if (isWanted || troubled) this.#idle.delete(instanceId);
    else if (!this.#idle.has(instanceId))
      this.#idle.set(instanceId, { since: now, heldAt: now, leaked: false });
    const idle = this.#idle.get(instanceId);
    if (idle !== undefined && someHeld) idle.heldAt = now;
    this.#judgeHour(instance, type, idle);
    if (idle !== undefined) this.#judgeLeak(instance, type, idle);
  }

  #noteUnwanted({ instanceId }: RegionInstance, type: MachineType | undefined, isWanted: boolean): void {
    const { now } = this.#world.timeline;
    const since = isWanted ? now : (this.#unwanted.get(instanceId) ?? now);
    const seconds = now - since;
    const isTooLong = seconds > IDLE_SECONDS_MAX + graceOf(type);
    if (isTooLong) this.#violate(4, `${instanceId} has been idle for ${Math.round(seconds / 3600)} h`);
    this.#unwanted.set(instanceId, isTooLong ? now : since);
  }

  /** No hour is bought that nobody asked for. */
  #judgeHour(instance: RegionInstance, type: MachineType | undefined, idle: Idle | undefined): void {
    const { billing, timeline } = this.#world.region;
    const startedAt = billing.intervals(instance.instanceId).at(-1)?.startedAt ?? timeline.now;
    const hour = Math.floor((timeline.now - startedAt) / HOUR_SECONDS);
    const before = this.#hours.get(`${instance.instanceId} ${startedAt}`) ?? hour;
    this.#hours.set(`${instance.instanceId} ${startedAt}`, hour);
    if (hour <= before || idle === undefined || type?.billing !== 'hourly') return;
    const idleSeconds = startedAt + hour * HOUR_SECONDS - idle.heldAt;
    if (idleSeconds > TURN_SECONDS + graceOf(type))
      this.#violate(
        4,
        `hour ${hour + 1} of ${instance.instanceId} was bought after ${Math.round(idleSeconds)} s without need`,
      );
  }

  /** A machine keeps the billing it was taken in with, also when that was before its type was configured. */
  #wasAlwaysPerSecond(type: MachineType | undefined): boolean {
    const configs = this.#world.configsSince(this.#world.timeline.now - DAY_SECONDS);
    return configs.every(({ machineTypes }) =>
      machineTypes.some(({ key, billing }) => key === type?.key && billing === 'per-second'),
    );
  }

  #judgeLeak({ instanceId }: RegionInstance, type: MachineType | undefined, idle: Idle): void {
    const paid = this.#wasAlwaysPerSecond(type) ? 0 : HOUR_SECONDS;
    const switched = this.#refused.has(instanceId) ? SWITCH_SECONDS : 0;
    const bound = paid + graceOf(type) + GOING_SECONDS + switched;
    const seconds = this.#world.timeline.now - idle.since;
    if (idle.leaked || seconds <= bound) return;
    idle.leaked = true;
    this.leaked += 1;
    this.#violate(5, `${instanceId} has been running for ${Math.round(seconds)} s without need`);
  }
}
