/** What the answers of the Hydra host have let the function know of the machines that were offered. */
import type { RegionInstance } from '../region/instance.ts';
import type { Watched } from './farm-view.ts';
import type { Telling } from './telling.ts';

/** What the function has seen may be so old, in seconds, when it acts on it. */
const STALE_SECONDS = 60;

/** First and last truthful answer in an unbroken row. */
interface Row {
  readonly first: number;
  readonly last: number;
}

export class Known {
  readonly #world: Pick<Watched, 'offers' | 'region' | 'timeline'>;
  /** Whether truthful answers are reported; if not, nothing can be said of what was known. */
  #listens = false;
  /** Instances that are or were offered since they were started, and whether they still are. */
  readonly #offered = new Map<string, boolean>();
  /** When others had a withdrawn instance offered again. */
  readonly #byOthers = new Map<string, number>();
  /** The answers that found an instance withdrawn and quiet. */
  readonly #quiet = new Map<string, Row>();

  constructor(world: Pick<Watched, 'offers' | 'region' | 'timeline'>) {
    this.#world = world;
  }

  get listens(): boolean {
    return this.#listens;
  }

  /** What this status, printed now, can tell. */
  tellable(status: string): Telling {
    const { offers, region, timeline } = this.#world;
    const isBusy = offers.busyIn(status);
    const quiet = [...this.#offered].flatMap(([id, isOffered]) => {
      const instance = region.instances.find(id);
      const mayBeWithdrawn = !isOffered || this.isOfferedByOthers(id);
      return instance !== undefined && mayBeWithdrawn && !isBusy(instance) ? [id] : [];
    });
    return { at: timeline.now, quiet: new Set(quiet) };
  }

  /** A truthful answer of a running, settled queue runner has arrived. */
  told({ at, quiet }: Telling): void {
    this.#listens = true;
    for (const id of this.#quiet.keys()) if (!quiet.has(id)) this.#quiet.delete(id);
    for (const id of quiet) this.#quiet.set(id, { first: this.#quiet.get(id)?.first ?? at, last: at });
  }

  /**
   * Something else is offered. What others do between two looks is only known once a truthful answer has shown it.
   * @param byUs whether the function offered it.
   */
  offersChanged(byUs: boolean): void {
    const { offers, region, timeline } = this.#world;
    const isOfferedNow = offers.now();
    for (const instance of region.instances.all) {
      const { instanceId, state } = instance;
      const isOffered = isOfferedNow(instance);
      if (isOffered && byUs) this.#quiet.delete(instanceId);
      if (isOffered && !byUs && this.#offered.get(instanceId) === false)
        this.#byOthers.set(instanceId, timeline.now);
      if (this.#offered.has(instanceId) || (isOffered && state === 'running'))
        this.#offered.set(instanceId, isOffered);
    }
  }

  /** It is, or was, offered since it was started. */
  wasOffered({ instanceId }: RegionInstance): boolean {
    return this.#offered.has(instanceId);
  }

  /** Others had it offered again a moment ago, which no look may have shown yet. */
  isOfferedByOthers(instanceId: string): boolean {
    return this.#world.timeline.now - (this.#byOthers.get(instanceId) ?? -Infinity) <= STALE_SECONDS;
  }

  /** For how long it has been known to be withdrawn and quiet, in seconds; undefined for never. */
  quietSeconds({ instanceId }: RegionInstance): number | undefined {
    const quiet = this.#quiet.get(instanceId);
    return quiet && quiet.last - quiet.first;
  }

  /** It has begun to end. */
  ended({ instanceId }: RegionInstance): void {
    this.#offered.delete(instanceId);
    this.#byOthers.delete(instanceId);
    this.#quiet.delete(instanceId);
  }
}
