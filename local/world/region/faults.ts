/** What goes wrong on purpose. */
import type { Random } from '../random.ts';

export type Fault =
  /** Refused under this name, without effect. */
  | { readonly kind: 'error'; readonly code: string; readonly message?: string }
  /** Refused as one call too many. */
  | { readonly kind: 'throttle' }
  /** The effect happens; the caller's connection breaks before the answer. */
  | { readonly kind: 'lost-reply' }
  /** The caller's connection breaks before anything happens. */
  | { readonly kind: 'lost-request' }
  /** The effect happens now; the answer comes this many seconds later. */
  | { readonly kind: 'delay'; readonly seconds: number };

interface FaultRate {
  readonly action: string;
  readonly fault: Fault;
  readonly probability: number;
}

export class Faults {
  readonly #random: Random;
  readonly #queues = new Map<string, Fault[]>();
  readonly #rates: FaultRate[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next call of `action` (AWS's name, such as `RunInstances`) meets this fault; several calls of this queue up. */
  next(action: string, fault: Fault): void {
    this.#queues.set(action, [...(this.#queues.get(action) ?? []), fault]);
  }

  /** From now on each call of `action` (`*` for any) meets this fault with `probability`, 0 to 1. */
  rate(action: string, fault: Fault, probability: number): void {
    this.#rates.push({ action, fault, probability });
  }

  /** Ends all rates and forgets what was queued. */
  clear(): void {
    this.#rates.length = 0;
    this.#queues.clear();
  }

  /** The fault this call meets, if any: a queued one before a random one. */
  draw(action: string): Fault | undefined {
    const queued = this.#queues.get(action)?.shift();
    if (queued !== undefined) return queued;
    return this.#rates.find(
      (rate) => (rate.action === action || rate.action === '*') && this.#random.chance(rate.probability),
    )?.fault;
  }
}
