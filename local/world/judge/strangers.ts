/** Rule 5: what bears our tag and is not ours is never offered, started, stopped, ended, or given a command. */
import type { ApiCall } from '../region/observers.ts';
import { instanceIdsIn, isStranger } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Violate } from './violations.ts';

const TOUCHING: ReadonlySet<string> = new Set([
  'StartInstances',
  'StopInstances',
  'TerminateInstances',
  'SendCommand',
]);

export class Strangers {
  readonly #world: Watched;
  readonly #violate: Violate;

  constructor(world: Watched, violate: Violate) {
    this.#world = world;
    this.#violate = violate;
  }

  /** A call of ours, whatever came of it. */
  called({ action, input }: ApiCall): void {
    if (!TOUCHING.has(action)) return;
    for (const id of instanceIdsIn(input)) {
      const instance = this.#world.region.instances.find(id);
      if (instance !== undefined && isStranger(instance, this.#world))
        this.#violate(5, `${action} of ${id}, which only bears our tag`);
    }
  }

  /** We have offered something else. */
  offersChanged(): void {
    const isOffered = this.#world.offers.now();
    for (const instance of this.#world.region.instances.all)
      if (instance.state === 'running' && isOffered(instance) && isStranger(instance, this.#world))
        this.#violate(5, `${instance.instanceId} was offered, and only bears our tag`);
  }
}
