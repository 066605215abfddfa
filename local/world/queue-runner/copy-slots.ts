/** The outputs that may be copied back at a time. A step that finds none free waits, first come first served. */
export class CopySlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count at least 1. */
  constructor(count: number) {
    if (count < 1) throw new RangeError(`there must be at least 1 copy slot, not ${count}`);
    this.#free = count;
  }

  /** Steps that wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Calls `granted` once a slot is the caller's: at once if one is free. */
  acquire(granted: () => void): void {
    if (this.#free === 0) {
      this.#waiting.push(granted);
      return;
    }
    this.#free -= 1;
    granted();
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
