/** Rule 4 over hours: launches and starts in proportion to work. One that comes to nothing may be tried again, ever more rarely. */
import type { InstanceState, RegionInstance } from '../region/instance.ts';
import { fittingTypes } from '../fitting-types.ts';
import { isOurs, typeKeyOf, typeOf } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Violate } from './violations.ts';

const WINDOW_SECONDS = 7200;
/**
 * A type may lose all its machines twice before that is noticed, and from then on each of its pools is tried again after 3, 6, 12 … minutes,
 * and one machine of it after 1, 2, 4 … minutes, up to an hour.
 */
const FULL_SETS = 2;
const TRIES_OF_POOL = 6;
const TRIES_OF_TYPE = 12;

/** One launch or start of an instance that has not been built on yet. */
interface Begun {
  readonly how: 'launched' | 'started';
  readonly type: string;
}

export class Fruit {
  readonly #world: Watched;
  readonly #violate: Violate;
  readonly #open = new Map<string, Begun>();
  /** When launches and starts of each type came to nothing. */
  readonly #vain = new Map<string, number[]>();

  constructor(world: Watched, violate: Violate) {
    this.#world = world;
    this.#violate = violate;
  }

  /** We have launched or started these instances. */
  begun(instances: readonly RegionInstance[], action: string): void {
    const how = action === 'StartInstances' ? 'started' : 'launched';
    for (const instance of instances) this.#open.set(instance.instanceId, { how, type: typeKeyOf(instance) });
  }

  /** A step has begun on the builder at an address. */
  stepStarted(address: string): void {
    for (const { instanceId, state } of this.#world.region.instances.all.filter(
      (instance) => instance.address === address,
    ))
      if (state === 'running') this.#open.delete(instanceId);
  }

  /** An instance has entered a state. */
  entered(instance: RegionInstance, state: InstanceState): void {
    if (state !== 'shutting-down' && state !== 'stopping' && state !== 'terminated') return;
    const begun = this.#open.get(instance.instanceId);
    this.#open.delete(instance.instanceId);
    if (begun !== undefined && isOurs(instance, this.#world)) this.#cameToNothing(instance, begun);
  }

  #cameToNothing(instance: RegionInstance, { how, type }: Begun): void {
    const { now } = this.#world.timeline;
    const recent = [...(this.#vain.get(type) ?? []), now].filter((at) => now - at < WINDOW_SECONDS);
    this.#vain.set(type, recent);
    if (recent.length <= this.#limit(instance)) return;
    this.#violate(
      4,
      `${recent.length} machines of ${type} were launched or started within two hours and built nothing; the last one was ${how}`,
    );
    this.#vain.set(type, []);
  }

  /** By the most generous configuration of the last hours. */
  #limit(instance: RegionInstance): number {
    const configs = this.#world.configsSince(this.#world.timeline.now - WINDOW_SECONDS);
    const types = configs.flatMap((config) => typeOf(instance, config) ?? []);
    const machines = Math.max(0, ...types.map(({ maxMachines }) => maxMachines));
    const pools = Math.max(
      1,
      ...types.map((type) => fittingTypes(type).length * Math.max(1, type.subnets.length)),
    );
    return FULL_SETS * machines + TRIES_OF_POOL * pools + TRIES_OF_TYPE;
  }
}
