/** What became of every build, as Hydra's users see it: done, lost, waiting, and for how long. */
import type { Build } from './queue-runner/builds.ts';
import type { LostStep, QueueRunnerObserver } from './queue-runner/observer.ts';
import type { Timeline } from './timeline.ts';

/** A step on a builder now. */
export interface RunningStep {
  readonly build: Build;
  readonly since: number;
}

export class Ledger implements QueueRunnerObserver {
  readonly #timeline: Timeline;
  readonly #running = new Map<string, Set<Build>>();
  readonly #startedAt = new Map<Build, number>();
  readonly #waits: number[] = [];
  #queued = 0;
  #busySeconds = 0;
  /** Builds by how they ended. */
  readonly ended: Record<string, number> = {};
  /** Steps that a vanished builder took with it; Hydra tries each again, four times. */
  readonly lost: LostStep[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get queued(): number {
    return this.#queued;
  }

  get done(): number {
    return this.ended['succeeded'] ?? 0;
  }

  get unfinished(): number {
    return this.#queued - Object.values(this.ended).reduce((sum, count) => sum + count, 0);
  }

  /** Steps on builders now, and builds that wait. */
  get running(): number {
    return this.#startedAt.size;
  }

  /** Time slots were in use, in seconds, up to now. */
  get busySeconds(): number {
    const { now } = this.#timeline;
    return [...this.#startedAt.values()].reduce((sum, since) => sum + now - since, this.#busySeconds);
  }

  /** Seconds from the queue to the first start, of every build that has started. */
  get waits(): readonly number[] {
    return this.#waits;
  }

  /** Steps at work on the builder at this address, whatever phase they are in. */
  at(address: string): readonly Build[] {
    return [...(this.#running.get(address) ?? [])];
  }

  onBuildQueued(): void {
    this.#queued += 1;
  }

  onStepStarted(build: Build, _machine: string, address: string): void {
    const { now } = this.#timeline;
    if (build.tries.length <= 1) this.#waits.push(now - build.queuedAt);
    const there = this.#running.get(address) ?? new Set();
    this.#running.set(address, there.add(build));
    this.#startedAt.set(build, now);
  }

  onStepLost(lost: LostStep): void {
    if (lost.cause === 'connection') this.lost.push(lost);
    this.#leave(lost.build);
  }

  onBuildFinished(build: Build): void {
    const status = build.status ?? 'unknown';
    this.ended[status] = (this.ended[status] ?? 0) + 1;
    this.#leave(build);
  }

  #leave(build: Build): void {
    const since = this.#startedAt.get(build);
    if (since === undefined) return;
    this.#busySeconds += this.#timeline.now - since;
    this.#startedAt.delete(build);
    for (const there of this.#running.values()) there.delete(build);
  }
}

/** The value below which this part of `values` lies (0 to 1), or 0 of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
