/** What must not vanish from the store: the record of a machine that is there, and what a person has ordered for one. */
import type { FarmState } from '../../../lambdas/core/model/index.ts';
import { isMachineOrder } from '../../../lambdas/core/reason/orders.ts';
import { isKnown } from '../../world/judge/orders.ts';
import type { RegionInstance } from '../../world/region/instance.ts';
import type { World } from '../../world/world.ts';

export class Kept {
  readonly #world: World;
  readonly #load: () => Promise<FarmState>;
  /** Instances that have ever had a record. */
  readonly #recorded = new Set<string>();
  /** What was told already. */
  readonly #told = new Set<string>();

  constructor(world: World, load: () => Promise<FarmState>) {
    this.#world = world;
    this.#load = load;
  }

  /** To be called when a tick has ended. */
  async look(): Promise<void> {
    const { machines, orders = [], unreadable = [] } = await this.#load();
    const now = new Set([...machines, ...unreadable].flatMap(({ instanceId }) => instanceId ?? []));
    for (const id of now) this.#recorded.add(id);
    for (const id of this.#recorded)
      if (!now.has(id) && this.#isThere(id)) this.#tell(5, `the record of ${id} was closed, and it lives`);
    const ordered = new Set(orders.filter(isMachineOrder).map(({ instanceId }) => instanceId));
    for (const kind of ['drain', 'protect'] as const)
      for (const given of this.#world.judge.orders.standing(kind))
        if (
          isKnown(given, this.#world.timeline.now) &&
          !ordered.has(given.about) &&
          this.#isThere(given.about)
        )
          this.#tell(9, `the order to ${kind} ${given.about} has vanished, and the machine lives`);
  }

  #isThere(id: string): boolean {
    const state: RegionInstance['state'] | undefined = this.#world.region.instances.find(id)?.state;
    return state === 'pending' || state === 'running' || state === 'stopping' || state === 'stopped';
  }

  #tell(rule: number, what: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#world.judge.violate(rule, what);
  }
}
