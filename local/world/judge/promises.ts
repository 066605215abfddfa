/**
 * What an order promises a person, judged once nobody can doubt that it holds: what they protect is not ended and not
 * taken off the file, what they pause is left as it is, and what they send away goes in bounded time.
 */
import type { RegionInstance } from '../region/instance.ts';
import type { ApiCall } from '../region/observers.ts';
import { instanceIdsIn, isOurs, typeKeyOf, typeOf } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import { Health, WELL_SECONDS } from './health.ts';
import { isKnown } from './orders.ts';
import type { Orders } from './orders.ts';
import { sentLaunch } from './sent-launch.ts';
import type { Violate } from './violations.ts';

/** The number under which a broken order is noted, beside the design's eight. */
const ORDERS = 9;
/** Two ticks, and what they take: by then what a person sends away is out of the machines file. */
const UNLISTED_SECONDS = 900;
/** Three ticks and a whole drain: for so long what a person sends away may still be there without work. */
const GONE_SECONDS = 1500;
const ACTIONS: ReadonlySet<string> = new Set([
  'CreateFleet',
  'RunInstances',
  'StartInstances',
  'StopInstances',
  'TerminateInstances',
]);

/** A machine on its way out. */
interface Leaving {
  readonly busyAt: number;
  readonly awayAt: number;
  isLate: boolean;
}

export class Promises {
  readonly #world: Watched;
  readonly #orders: Orders;
  readonly #break: (what: string) => void;
  readonly #health: Health;
  readonly #leaving = new Map<string, Leaving>();
  /** Instances that were in the machines file at the last look. */
  #listed: ReadonlySet<string> = new Set();
  /** Instances that were stopped at the last look. */
  #stopped: ReadonlySet<string> = new Set();
  #isTroubled = false;

  constructor(world: Watched, orders: Orders, violate: Violate) {
    this.#world = world;
    this.#orders = orders;
    this.#health = new Health(world);
    this.#break = (what) => {
      violate(ORDERS, what);
    };
  }

  /** A call of ours, whatever came of it: nothing that is paused is launched, started, stopped or ended. */
  called({ action, input }: ApiCall): void {
    if (!ACTIONS.has(action) || typeof input !== 'object' || input === null) return;
    const instances = this.#instancesIn(input);
    const sent = sentLaunch(input);
    const types = sent === undefined ? instances.map(typeKeyOf) : [sent.type];
    for (const type of new Set(types))
      if (this.#orders.holds('pause', type)) this.#break(`${action} although ${type} is paused`);
    if (action !== 'TerminateInstances') return;
    for (const instance of instances.filter(({ instanceId }) => this.#stopped.has(instanceId)))
      if (this.#orders.holds('protect', instance.instanceId) && this.#wasConfigured(instance))
        this.#break(`${instance.instanceId} was not left stopped although it is protected`);
  }

  /** One of ours begins to end because of us. @param wasListed whether it had been listed since it was started. */
  ended(instance: RegionInstance, wasListed: boolean): void {
    const { instanceId } = instance;
    if (!this.#orders.holds('protect', instanceId) || this.#mayEnd(instance, wasListed)) return;
    this.#break(`${instanceId} was ended although it is protected`);
  }

  /** One look, once a minute. @param troubled whether something is, or was lately, wrong with the world. */
  look(troubled: boolean): void {
    this.#isTroubled = troubled;
    const { region, offers } = this.#world;
    const isOffered = offers.now();
    const [listed, stopped] = [new Set<string>(), new Set<string>()];
    for (const instance of region.instances.all) {
      const { instanceId, state } = instance;
      if (!isOurs(instance, this.#world) || state === 'terminated') continue;
      if (isOffered(instance)) listed.add(instanceId);
      if (state === 'stopped') stopped.add(instanceId);
      this.#health.look(instance, { before: this.#listed.has(instanceId), now: isOffered(instance) });
      if (!troubled) this.#lookAtLine(instance, listed);
    }
    this.#listed = listed;
    this.#stopped = stopped;
    this.#lookAtLeaving(listed);
  }

  #instancesIn(input: object): readonly RegionInstance[] {
    return instanceIdsIn(input).flatMap((id) => this.#world.region.instances.find(id) ?? []);
  }

  /** Reasons above any order: AWS takes it, it does not answer, it was not ready in time, its type is not configured. */
  #mayEnd(instance: RegionInstance, wasListed: boolean): boolean {
    const { timeline, deaf } = this.#world;
    const { instanceId, startedAt, interrupted } = instance;
    if (interrupted || deaf.has(instanceId) || !this.#wasConfigured(instance)) return true;
    if (wasListed) return !this.#health.isWell(instanceId) || this.#health.isDismissed(instance);
    const bootSeconds = typeOf(instance, this.#world.config)?.bootTimeoutSeconds ?? 0;
    return this.#isTroubled || timeline.now - startedAt >= bootSeconds;
  }

  #wasConfigured(instance: RegionInstance): boolean {
    const configs = this.#world.configsSince(this.#world.timeline.now - WELL_SECONDS);
    return configs.every((config) => typeOf(instance, config) !== undefined);
  }

  /** No well machine that a person protects or pauses leaves the file, and none that a person sends away comes back. */
  #lookAtLine(instance: RegionInstance, listed: ReadonlySet<string>): void {
    const { instanceId } = instance;
    const [was, is] = [this.#listed.has(instanceId), listed.has(instanceId)];
    if (was === is || !this.#health.isWell(instanceId) || !this.#wasConfigured(instance)) return;
    if (is && this.#orders.holds('drain', instanceId))
      this.#break(`${instanceId} was listed again although it is sent away`);
    if (is || this.#orders.mayHold('drain', instanceId, WELL_SECONDS)) return;
    if (this.#orders.holds('protect', instanceId))
      this.#break(`${instanceId} was drained although it is protected`);
    if (this.#orders.holds('pause', typeKeyOf(instance)))
      this.#break(`${instanceId} was drained although its type is paused`);
  }

  #lookAtLeaving(listed: ReadonlySet<string>): void {
    const { timeline, region } = this.#world;
    const orders = this.#orders.standing('drain').filter((given) => isKnown(given, timeline.now));
    const ids = new Set(orders.map(({ about }) => about));
    for (const id of this.#leaving.keys()) if (!ids.has(id)) this.#leaving.delete(id);
    for (const id of ids) {
      const instance = region.instances.find(id);
      const isThere = instance?.state === 'running' || instance?.state === 'stopped';
      if (isThere) this.#judgeLeaving(instance, listed.has(id));
      else this.#leaving.delete(id);
    }
  }

  /** The clocks stand still while it cannot go: there is trouble, its type is paused, or it cannot be asked. */
  #judgeLeaving(instance: RegionInstance, isListed: boolean): void {
    const { timeline, ledger, deaf } = this.#world;
    const { now } = timeline;
    const { instanceId, address } = instance;
    const isHeld =
      this.#isTroubled ||
      deaf.has(instanceId) ||
      !this.#wasConfigured(instance) ||
      this.#orders.mayHold('pause', typeKeyOf(instance));
    const before = isHeld ? undefined : this.#leaving.get(instanceId);
    const isBusy = ledger.at(address).length > 0;
    const leaving: Leaving = {
      busyAt: isBusy ? now : (before?.busyAt ?? now),
      awayAt: isListed ? (before?.awayAt ?? now) : now,
      isLate: before?.isLate ?? false,
    };
    this.#leaving.set(instanceId, leaving);
    if (leaving.isLate) return;
    const [listedFor, idleFor] = [now - leaving.awayAt, now - leaving.busyAt];
    leaving.isLate = listedFor > UNLISTED_SECONDS || idleFor > GONE_SECONDS;
    if (leaving.isLate)
      this.#break(
        `${instanceId} was sent away, and after ${Math.round(Math.max(listedFor, idleFor))} s it is ` +
          `${listedFor > UNLISTED_SECONDS ? 'still listed' : 'idle and still there'}`,
      );
  }
}
