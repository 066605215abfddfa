/** What a machines file offers to the C++ queue runner. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Watched } from './farm-view.ts';
import { fileProblems, fileText, keyOf, listedIn, workingLines } from './machines-file-view.ts';
import type { OfInstance, Offers } from './offers.ts';
import { busyAddresses } from './telling.ts';

/** For this long, in seconds, the queue runner may work by a file that has been replaced. */
const REREAD_SECONDS = 90;

type Surroundings = Pick<Watched, 'timeline' | 'region' | 'machinesFile' | 'config'>;

export class FileOffers implements Offers {
  readonly #world: Surroundings;
  /** Since when an address has been listed without a gap. */
  #listedSince = new Map<string, number>();
  /** Until then the queue runner may work by a file that somebody else changed. */
  #foreignUntil = -Infinity;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get state(): string {
    return fileText(this.#world);
  }

  get isNone(): boolean {
    return workingLines(this.state).length === 0;
  }

  get isForeign(): boolean {
    return this.#world.timeline.now < this.#foreignUntil;
  }

  now(): OfInstance {
    return listedIn(this.state, this.#world.config);
  }

  changed(byUs: boolean): void {
    const { now } = this.#world.timeline;
    if (!byUs) this.#foreignUntil = Infinity;
    else if (this.#foreignUntil === Infinity) this.#foreignUntil = now + REREAD_SECONDS;
    const before = this.#listedSince;
    this.#listedSince = new Map(
      workingLines(this.state).map(({ address }) => [address, before.get(address) ?? now]),
    );
  }

  problems(config: Config): readonly string[] {
    return fileProblems(this.state, config);
  }

  busyIn(status: string): OfInstance {
    const busy = busyAddresses(status);
    return ({ address }) => busy.has(address);
  }

  /** Whether the machine that is listed there has never answered since it was started. */
  hopeAt(address: string): string | undefined {
    const { region } = this.#world;
    const line = workingLines(this.state).find((other) => other.address === address);
    const instance = region.instances.all.find(
      (other) => other.address === address && other.state !== 'terminated' && keyOf(other) === line?.hostKey,
    );
    if (instance === undefined || instance.bootedAt !== undefined) return undefined;
    const isNew = (this.#listedSince.get(address) ?? -Infinity) > instance.startedAt;
    return isNew && (instance.state === 'pending' || instance.state === 'running')
      ? 'it was listed before it answered'
      : undefined;
  }

  isWell(): boolean {
    return true;
  }

  /** Its slots are taken for as long as the queue runner waits for it. */
  isGone(): boolean {
    return false;
  }
}
