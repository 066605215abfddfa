import type { RustJob } from './machine.ts';

/** The rows of BuildSteps that say that something runs. They outlive a queue runner process, until the next one starts. */
export class BusyRows {
  readonly #rows = new Set<RustJob>();

  add(job: RustJob): void {
    this.#rows.add(job);
  }

  delete(job: RustJob): void {
    this.#rows.delete(job);
  }

  /** A starting queue runner marks them all as aborted. */
  clear(): void {
    this.#rows.clear();
  }

  all(): IterableIterator<RustJob> {
    return this.#rows.values();
  }
}
