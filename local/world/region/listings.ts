/** Answers of DescribeInstances that are short of something: sound in form, HTTP 200, and not the truth. */
import type { RegionInstance } from './instance.ts';
import type { Observers } from './observers.ts';

/** Nothing at all; every second instance; all but the youngest. */
export type Shortfall = 'empty' | 'half' | 'without-newest';

interface Short {
  readonly shortfall: Shortfall;
  /** Listings it is still good for; Infinity for every question until it is ended. */
  times: number;
}

export class Listings {
  readonly #short: Short[] = [];
  readonly #observers: Observers;

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /**
   * From now on answers are short. Returns how to end it.
   * @param times listings by filter that it strikes; absent for all of them, and for questions by id as well.
   */
  shorten(shortfall: Shortfall, times = Infinity): () => void {
    const short = { shortfall, times };
    this.#short.push(short);
    return () => {
      short.times = 0;
    };
  }

  /** What of the instances that a question is about is shown. @param isById whether it names them. */
  shown(instances: readonly RegionInstance[], isById: boolean): readonly RegionInstance[] {
    const short = this.#short.find(({ times }) => times > 0 && (!isById || times === Infinity));
    if (short !== undefined) short.times -= 1;
    const shown = short === undefined ? instances : SHOWN[short.shortfall](instances);
    this.#observers.listed(instances, shown);
    return shown;
  }
}

const isGone = ({ state }: RegionInstance): boolean => state === 'shutting-down' || state === 'terminated';

/** Among the live as among the gone: machines at work must be missing too. */
function half(instances: readonly RegionInstance[]): readonly RegionInstance[] {
  const ordered = instances.toSorted((a, b) => Number(isGone(a)) - Number(isGone(b)));
  return ordered.filter((_instance, index) => index % 2 === 1);
}

function withoutNewest(instances: readonly RegionInstance[]): readonly RegionInstance[] {
  const newest = instances
    .filter((instance) => !isGone(instance))
    .toSorted((a, b) => b.firstLaunchedAt - a.firstLaunchedAt)[0];
  return instances.filter((instance) => instance !== newest);
}

const SHOWN: Readonly<
  Record<Shortfall, (instances: readonly RegionInstance[]) => readonly RegionInstance[]>
> = { empty: () => [], half, 'without-newest': withoutNewest };
