/**
 * Counts what is at work outside the timeline, so that virtual time stands still until it is done. One invocation that
 * sleeps on several strands at once leaves more often than it entered: less than nothing at work is idle too.
 */
export class Activity {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  /** Something begins; time stops. */
  enter(): void {
    this.#count += 1;
  }

  /** It has ended, or waits for time to pass. */
  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when nothing is at work. */
  idle(): Promise<void> {
    if (this.#count <= 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Counts `work` until it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }
}
