/**
 * Virtual time: events happen in order of their instant, ties in order of their making.
 * Nothing in the world reads a real clock; whoever owns the timeline decides how fast it runs.
 */

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
  /** A binary heap by (at, order): the earliest event is first. */
  readonly #heap: TimelineEvent[] = [];

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
    return this.#heap[0]?.at;
  }

  /** Lets `happen` happen at `at`, in seconds; an instant in the past means now. */
  schedule(at: number, happen: () => void): Cancel {
    const event: TimelineEvent = {
      at: Math.max(at, this.#now),
      order: this.#made++,
      happen,
      cancelled: false,
    };
    this.#push(event);
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
      const event = this.#pop();
      this.#now = event.at;
      event.happen();
    }
    this.#now = instant;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled === true) this.#pop();
  }

  #push(event: TimelineEvent): void {
    const heap = this.#heap;
    heap.push(event);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): TimelineEvent {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new RangeError('the timeline is empty');
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: TimelineEvent): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const useRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = useRight ? right : left;
      if (child === undefined || isBefore(event, child)) break;
      heap[index] = child;
      index = 2 * index + (useRight ? 2 : 1);
    }
    heap[index] = event;
  }
}
