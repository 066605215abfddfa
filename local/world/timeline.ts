/**
 * Virtual time: events happen in order of their instant, ties in order of their making.
 * Nothing in the world reads a real clock; the owner of the timeline decides how fast it runs.
 */

import { Heap } from './heap.ts';

/** Undoes one scheduled event; doing so twice, or after it happened, changes nothing. */
export type Cancel = () => void;

interface TimelineEvent {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
  cancelled: boolean;
}

const isBefore = (a: TimelineEvent, b: TimelineEvent): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

export class Timeline {
  #now: number;
  #made = 0;
  readonly #events = new Heap(isBefore);

  /** @param start the first instant, in seconds. */
  constructor(start: number) {
    this.#now = start;
  }

  /** The present instant, in seconds. */
  get now(): number {
    return this.#now;
  }

  /** The instant of the next event, or undefined when nothing is going to happen. */
  get next(): number | undefined {
    this.#dropCancelled();
    return this.#events.top?.at;
  }

  /** Lets `happen` happen at `at`, in seconds; an instant in the past means now. */
  schedule(at: number, happen: () => void): Cancel {
    const event: TimelineEvent = {
      at: Math.max(at, this.#now),
      order: this.#made++,
      happen,
      cancelled: false,
    };
    this.#events.push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Lets `happen` happen `seconds` from now. */
  after(seconds: number, happen: () => void): Cancel {
    return this.schedule(this.#now + seconds, happen);
  }

  /** Lets everything up to and including `instant` happen, then it is `instant`. Going back is an error. */
  advanceTo(instant: number): void {
    if (instant < this.#now)
      throw new RangeError(`the timeline is at ${this.#now} and cannot go back to ${instant}`);
    for (let at = this.next; at !== undefined && at <= instant; at = this.next) {
      this.#now = at;
      this.#events.pop()?.happen();
    }
    this.#now = instant;
  }

  #dropCancelled(): void {
    while (this.#events.top?.cancelled === true) this.#events.pop();
  }
}
