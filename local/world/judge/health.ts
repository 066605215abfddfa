/** Since when machines have been as they should be, as the world knows it, and which were sent away when they were not. */
import type { RegionInstance } from '../region/instance.ts';
import type { Watched } from './farm-view.ts';

/** Only want of demand could end a machine that has been well for this long, in seconds. */
export const WELL_SECONDS = 1800;

/** Since when a machine has been as it should be. */
interface Well {
  readonly since: number;
  readonly bootedAt: number;
}

export class Health {
  readonly #world: Pick<Watched, 'timeline' | 'deaf' | 'offers'>;
  readonly #well = new Map<string, Well>();
  /** Starts of machines that were withdrawn when they had not been well for long, by instance. */
  readonly #dismissed = new Map<string, number>();

  constructor(world: Pick<Watched, 'timeline' | 'deaf' | 'offers'>) {
    this.#world = world;
  }

  /** Whether it has been well for {@link WELL_SECONDS}. */
  isWell(instanceId: string): boolean {
    const since = this.#well.get(instanceId)?.since ?? Infinity;
    return this.#world.timeline.now - since >= WELL_SECONDS;
  }

  /** Whether it was withdrawn when it was not well. Nothing can show any more that it is: it gets no work. */
  isDismissed({ instanceId, startedAt }: RegionInstance): boolean {
    return this.#dismissed.get(instanceId) === startedAt;
  }

  /** One look. @param isListed whether the queue runner may give it work, and might at the look before. */
  look(instance: RegionInstance, isListed: { readonly before: boolean; readonly now: boolean }): void {
    const { instanceId, startedAt } = instance;
    this.#note(instance);
    if (isListed.now) this.#dismissed.delete(instanceId);
    else if (isListed.before && !this.isWell(instanceId)) this.#dismissed.set(instanceId, startedAt);
  }

  #note(instance: RegionInstance): void {
    const { timeline, deaf, offers } = this.#world;
    const { instanceId, state, bootedAt, interrupted } = instance;
    const isUp = state === 'running' && bootedAt !== undefined && !interrupted && !deaf.has(instanceId);
    if (!isUp || !offers.isWell(instance)) this.#well.delete(instanceId);
    else if (this.#well.get(instanceId)?.bootedAt !== bootedAt)
      this.#well.set(instanceId, { since: timeline.now, bootedAt });
  }
}
