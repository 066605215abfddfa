/** Rules 3 and 5 at the moment we launch or start machines: caps at every instant, no launch twice. */
import { DOLLARS_ROUNDING } from '../../../lambdas/core/model/index.ts';
import { count as inWords } from '../../../lambdas/core/text/count.ts';
import { sentLaunch } from './sent-launch.ts';
import type { InstanceState, RegionInstance } from '../region/instance.ts';
import type { ApiCall } from '../region/observers.ts';
import { countedMachines, isOurs, launchIdOf, typeKeyOf } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Ahead } from './ahead.ts';
import type { Fruit } from './fruit.ts';
import type { Violate } from './violations.ts';

/** Machines others made this recently, in seconds, need not be known to a launch. */
const NEWS_SECONDS = 120;
/** What AWS has been stopping this long, in seconds, and does not bill, holds no place; a tick may know it a little later. */
const STUCK_SECONDS = 1800;
/** The function's clock may be wrong by this much, in seconds. */
const CLOCK_SECONDS = 300;
/** A launch without an answer is sent again for this long, in seconds, whatever became of the caps. */
const RESENT_SECONDS = 1800;

const isAdding = (action: string): boolean =>
  action === 'CreateFleet' || action === 'RunInstances' || action === 'StartInstances';

/** When the function decided on a launch, by its own clock; a launch sent again counts against the caps since then. */
function requestedAt(input: unknown): number {
  if (typeof input !== 'object' || input === null || !('requestedAt' in input)) return Infinity;
  return Number(input.requestedAt) - CLOCK_SECONDS;
}

export class Launches {
  readonly #world: Watched;
  readonly #violate: Violate;
  /** When others made or started an instance. */
  readonly #byOthers = new Map<string, number>();
  /** When an answer of EC2 first showed an instance. */
  readonly #shown = new Map<string, number>();
  /** The last time an instance that no answer had shown could not be known. */
  readonly #leftOut = new Map<string, number>();
  readonly #begun = new Set<string>();
  readonly #rules: { readonly fruit: Fruit; readonly ahead: Ahead };

  /** @param rules that are told of launches. */
  constructor(world: Watched, rules: { readonly fruit: Fruit; readonly ahead: Ahead }, violate: Violate) {
    this.#world = world;
    this.#rules = rules;
    this.#violate = violate;
  }

  /** An instance that begins to boot, or runs all of a sudden, was made by others unless a call of ours says so at the same instant. */
  entered({ instanceId }: RegionInstance, state: InstanceState): void {
    const isSudden = state === 'running' && !this.#begun.has(instanceId);
    if (state !== 'pending' && !isSudden) return;
    this.#begun.add(instanceId);
    this.#byOthers.set(instanceId, this.#world.timeline.now);
  }

  /** Nobody can know of an instance that every answer so far has left out. */
  listed(instances: readonly RegionInstance[], shown: readonly RegionInstance[]): void {
    const { now } = this.#world.timeline;
    for (const { instanceId } of shown) if (!this.#shown.has(instanceId)) this.#shown.set(instanceId, now);
    for (const { instanceId } of instances)
      if (!this.#shown.has(instanceId)) this.#leftOut.set(instanceId, now);
  }

  /** The invocation that was first shown an instance died before anything could be noted. */
  died(): void {
    const { now } = this.#world.timeline;
    for (const [instanceId, at] of this.#shown) {
      if (at < now - NEWS_SECONDS) continue;
      this.#shown.delete(instanceId);
      this.#leftOut.set(instanceId, now);
    }
  }

  /** A call that succeeded. */
  called({ action, input }: ApiCall): void {
    if (!isAdding(action)) return;
    const { now } = this.#world.timeline;
    const added = new Set([...this.#byOthers].filter(([, at]) => at === now).map(([id]) => id));
    for (const id of added) this.#byOthers.delete(id);
    const begun = this.#world.region.instances.all.filter(({ instanceId }) => added.has(instanceId));
    this.#rules.fruit.begun(begun, action);
    const decidedAt = Math.min(now, requestedAt(input)) - NEWS_SECONDS;
    const known = countedMachines(this.#world)
      .filter(({ instanceId }) => this.#knowableSince(instanceId) < decidedAt)
      .filter(({ state, stateSince }) => state !== 'stopping' || now - stateSince < STUCK_SECONDS);
    const grown = new Set(known.filter(({ instanceId }) => added.has(instanceId)).map(typeKeyOf));
    if (grown.size > 0) this.#checkTotal(known);
    if (grown.size > 0) this.#checkDollars(known);
    this.#checkTypes(known.filter((instance) => grown.has(typeKeyOf(instance))));
    if (action !== 'CreateFleet') return;
    this.#checkOnce(input);
    this.#rules.ahead.launched(begun.map(typeKeyOf));
  }

  /** -Infinity for what we made ourselves. */
  #knowableSince(instanceId: string): number {
    const at = this.#byOthers.get(instanceId);
    return at === undefined ? -Infinity : Math.max(at, this.#leftOut.get(instanceId) ?? at);
  }

  #checkTotal(known: readonly RegionInstance[]): void {
    const cap = this.#cap(({ maxTotalMachines }) => maxTotalMachines);
    if (known.length > cap)
      this.#violate(3, `${inWords(known.length, 'machine')}, but maxTotalMachines is ${cap}`);
  }

  /** By the prices that people have written. */
  #checkDollars(known: readonly RegionInstance[]): void {
    const cap = this.#cap(({ maxDollarsPerHour = Infinity }) => maxDollarsPerHour);
    const { machineTypes } = this.#world.config;
    const prices = new Map(machineTypes.map(({ key, dollarsPerHour = 0 }) => [key, dollarsPerHour]));
    const cost = known.reduce((sum, instance) => sum + (prices.get(typeKeyOf(instance)) ?? 0), 0);
    if (cost > cap + DOLLARS_ROUNDING)
      this.#violate(
        3,
        `${inWords(known.length, 'machine')} for ${cost.toFixed(2)} dollars an hour, but maxDollarsPerHour is ${cap}`,
      );
  }

  #checkTypes(known: readonly RegionInstance[]): void {
    const counts = Map.groupBy(known, typeKeyOf);
    for (const [key, machines] of counts) {
      const cap = this.#cap(
        (config) => config.machineTypes.find((type) => type.key === key)?.maxMachines ?? 0,
      );
      const isConfigured = this.#world.config.machineTypes.some((type) => type.key === key);
      if (isConfigured && machines.length > cap)
        this.#violate(3, `${inWords(machines.length, 'machine')} of ${key}, but maxMachines is ${cap}`);
    }
  }

  #cap(of: (config: Watched['config']) => number): number {
    const configs = this.#world.configsSince(this.#world.timeline.now - RESENT_SECONDS);
    return Math.max(...configs.map(of));
  }

  #checkOnce(input: unknown): void {
    const sent = sentLaunch(input);
    if (sent === undefined) return;
    const { id, count } = sent;
    const made = this.#world.region.instances.all.filter(
      (instance) => launchIdOf(instance) === id && isOurs(instance, this.#world),
    );
    if (made.length > count) this.#violate(5, `launch ${id} of ${count} made ${made.length} machines`);
  }
}
