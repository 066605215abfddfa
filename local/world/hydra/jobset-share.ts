import type { HydraDatabase, RecordedStep } from './database.ts';

/** The schema's default of schedulingShares. */
const SHARES = 100;
/** Build time of the last day counts. */
const WINDOW_SECONDS = 24 * 3600;

/**
 * How much build time a jobset has had. Faithful to the original down to its flaw: steps that began in the same
 * second share one entry, so only the last of them is ever taken off again.
 */
export class JobsetShare {
  #seconds = 0;
  /** Duration by second of start, and those seconds, ascending. */
  readonly #durations = new Map<number, number>();
  readonly #starts: number[] = [];
  #firstStart = 0;

  constructor(recorded: readonly RecordedStep[]) {
    for (const step of recorded) this.add(step);
  }

  get seconds(): number {
    return this.#seconds;
  }

  get shareUsed(): number {
    return this.#seconds / SHARES;
  }

  add(step: RecordedStep): void {
    const duration = step.stop - step.start;
    this.#seconds += duration;
    if (!this.#durations.has(step.start)) this.#insertStart(step.start);
    this.#durations.set(step.start, duration);
  }

  /** Takes off what began before the window. */
  prune(now: number): void {
    for (;;) {
      const start = this.#starts[this.#firstStart];
      if (start === undefined || start > Math.floor(now) - WINDOW_SECONDS) return;
      this.#seconds -= this.#durations.get(start) ?? 0;
      this.#durations.delete(start);
      this.#firstStart += 1;
      this.#compact();
    }
  }

  /** Steps end nearly in the order they began: the place is near the end. */
  #insertStart(start: number): void {
    let index = this.#starts.length;
    while (index > this.#firstStart && (this.#starts[index - 1] ?? 0) > start) index -= 1;
    this.#starts.splice(index, 0, start);
  }

  #compact(): void {
    if (this.#firstStart < 1024) return;
    this.#starts.splice(0, this.#firstStart);
    this.#firstStart = 0;
  }
}

/** The shares of the jobsets whose builds the process has seen. */
export class Jobsets {
  readonly #database: HydraDatabase;
  readonly #shares = new Map<string, JobsetShare>();

  constructor(database: HydraDatabase) {
    this.#database = database;
  }

  /** Reads a jobset's steps from the database the first time. */
  load(name: string, now: number): JobsetShare {
    let share = this.#shares.get(name);
    if (share === undefined) {
      share = new JobsetShare(this.#database.recordedSteps(name, now));
      this.#shares.set(name, share);
    }
    return share;
  }

  shareUsed(name: string): number {
    return this.#shares.get(name)?.shareUsed ?? 0;
  }

  prune(now: number): void {
    for (const share of this.#shares.values()) share.prune(now);
  }

  entries(): IterableIterator<[string, JobsetShare]> {
    return this.#shares.entries();
  }
}
