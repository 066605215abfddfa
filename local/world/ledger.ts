/** What became of every build, as Hydra's users see it: done, lost, waiting, and for how long. */
import type { Build, StepKind } from './hydra/builds.ts';
import type { BuildObserver, LostStep, OrphanedStep } from './hydra/observer.ts';
import type { Timeline } from './timeline.ts';

/** A build's first start. */
export interface FirstStart {
  readonly kind: StepKind;
  readonly at: number;
  /** Since it was queued. */
  readonly seconds: number;
  /** What it takes on one slot, in seconds. */
  readonly work: number;
}

interface StartedStep {
  readonly since: number;
  readonly address: string;
  /** Of the machine it runs on. */
  readonly slots: number;
}

export class Ledger implements BuildObserver {
  readonly #timeline: Timeline;
  readonly #running = new Map<string, Set<Build>>();
  readonly #started = new Map<Build, StartedStep>();
  readonly #slotsAt: (address: string) => number;
  #busyMachineSeconds = 0;
  /** Every build that has started, in that order. */
  readonly waits: FirstStart[] = [];
  #queued = 0;
  /** Builds by how they ended. */
  readonly ended: Record<string, number> = {};
  /** Steps that a vanished builder took with it; Hydra tries each again, four times. */
  readonly lost: LostStep[] = [];
  /** Steps that hang on a builder that is gone until the queue runner is started again. */
  readonly orphaned: OrphanedStep[] = [];

  /** @param slotsAt slots of the machine at an address now. */
  constructor(timeline: Timeline, slotsAt: (address: string) => number) {
    this.#timeline = timeline;
    this.#slotsAt = slotsAt;
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

  /** Steps on builders now. */
  get running(): number {
    return this.#started.size;
  }

  isRunning(build: Build): boolean {
    return this.#started.has(build);
  }

  /** When a running build's step was started; Infinity for one that does not run. */
  startOf(build: Build): number {
    return this.#started.get(build)?.since ?? Infinity;
  }

  /** Time of whole machines that the steps so far would have filled without a gap: slot time by slots, in seconds. */
  get busyMachineSeconds(): number {
    const { now } = this.#timeline;
    const running = [...this.#started.values()].map(({ since, slots }) => (now - since) / slots);
    return running.reduce((sum, seconds) => sum + seconds, this.#busyMachineSeconds);
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
    if (build.tries.length <= 1)
      this.waits.push({ kind: build.kind, at: now, seconds: now - build.queuedAt, work: build.seconds });
    const there = this.#running.get(address) ?? new Set();
    this.#running.set(address, there.add(build));
    this.#started.set(build, { since: now, address, slots: this.#slotsAt(address) });
  }

  onStepLost(lost: LostStep): void {
    if (lost.cause === 'connection') this.lost.push(lost);
    this.#leave(lost.build);
  }

  onStepOrphaned(orphan: OrphanedStep): void {
    this.orphaned.push(orphan);
    this.#leave(orphan.build);
  }

  onStepOver(build: Build): void {
    this.#leave(build);
  }

  onBuildFinished(build: Build): void {
    const status = build.status ?? 'unknown';
    this.ended[status] = (this.ended[status] ?? 0) + 1;
    this.#leave(build);
  }

  #leave(build: Build): void {
    const started = this.#started.get(build);
    if (started === undefined) return;
    const { since, address, slots } = started;
    this.#busyMachineSeconds += (this.#timeline.now - since) / slots;
    this.#started.delete(build);
    this.#running.get(address)?.delete(build);
  }
}

/** The value below which this part of `values` lies (0 to 1), or 0 for none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
