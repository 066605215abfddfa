/** For how long AWS keeps instances in a state, or out of every answer, beyond what the settings say. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { InstanceState } from './instance.ts';
import { covers } from './selector.ts';
import type { Placed, Selector } from './selector.ts';

export interface Delay {
  /** A state that instances do not leave, or the time in which a new one is unknown to every other call. */
  readonly what: Extract<InstanceState, 'pending' | 'stopping' | 'shutting-down'> | 'hidden';
  readonly seconds: number;
  readonly of?: Selector;
  /** Part of the instances it strikes, 0 to 1; all when absent. */
  readonly share?: number;
}

export class Delays {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #delays = new Map<Delay, EpochSeconds>();

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#random = random;
  }

  /** From now on. Returns how to end it; what it has struck stays struck. */
  add(delay: Delay): () => void {
    const own = { ...delay };
    this.#delays.set(own, this.#timeline.now);
    return () => this.#delays.delete(own);
  }

  /** Seconds for a machine that begins to be `what`, or undefined for as long as usual. @param since leaves out delays that are older. */
  secondsOf(what: InstanceState | 'hidden', machine: Partial<Placed>, since = -Infinity): number | undefined {
    for (const [{ what: about, seconds, of = {}, share = 1 }, begun] of this.#delays) {
      const isMeant = about === what && begun >= since && covers(of, machine);
      if (isMeant && this.#random.chance(share)) return seconds;
    }
    return undefined;
  }
}
