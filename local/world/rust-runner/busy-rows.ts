import type { TryOutcome } from '../hydra/builds.ts';
import type { RustJob } from './machine.ts';

/** What ends that fast was not even begun. */
const NOT_BEGUN_SECONDS = 2;

/** Steps that a machine could not even begin, since it last built anything, good or bad. */
export interface SpoiltSteps {
  readonly steps: number;
  /** Epoch seconds. */
  readonly lastAt: number;
}

/** The rows of BuildSteps that are asked for. Those that run outlive a queue runner process, until the next one starts. */
export class BusyRows {
  readonly #rows = new Set<RustJob>();
  readonly #spoilt = new Map<string, SpoiltSteps>();

  /** By host name. Nobody asks for what is older than an hour, and nothing here lasts for that long. */
  get spoilt(): ReadonlyMap<string, SpoiltSteps> {
    return this.#spoilt;
  }

  /** A try of a step ended, and its row says how. @param now epoch seconds. */
  ended(job: RustJob, outcome: TryOutcome, now: number): void {
    this.#rows.delete(job);
    const { hostname } = job.machine.join;
    if (outcome === 'succeeded' || outcome === 'failed') this.#spoilt.delete(hostname);
    if (outcome !== 'transient' || Math.floor(now) - Math.floor(job.startedAt) > NOT_BEGUN_SECONDS) return;
    const before = this.#spoilt.get(hostname)?.steps ?? 0;
    this.#spoilt.set(hostname, { steps: before + 1, lastAt: Math.floor(now) });
  }

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
