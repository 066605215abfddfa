import { BuildRegister, type Build, type BuildBatch, type BuildStatus, type HostPlatform } from './builds.ts';
import type { BuildObserver } from './observer.ts';

/** A step as the jobsets' shares count it: whole epoch seconds. */
export interface RecordedStep {
  readonly start: number;
  readonly stop: number;
}

/** What the queue runner is told through PostgreSQL. */
export interface DatabaseListener {
  buildsAdded(): void;
  /** Builds were added without a notification. */
  buildsAddedSilently(): void;
  buildsCancelled(builds: readonly Build[]): void;
}

/** A starting queue runner reads the steps of ten scheduling windows of a day. */
const REMEMBERED_SECONDS = 10 * 24 * 3600;

/** Hydra's database: what outlives a queue runner process. */
export class HydraDatabase {
  /** Whether PostgreSQL answers. */
  reachable = true;
  /** The dump in SystemStatus; absent while there is no such row. */
  statusRow: string | undefined;
  /** The queue runner process that listens now. */
  listener: DatabaseListener | undefined;

  readonly #register: BuildRegister;
  readonly #observer: BuildObserver;
  readonly #unfinished = new Map<number, Build>();
  readonly #stepsByJobset = new Map<string, RecordedStep[]>();
  #unread: Build[] = [];

  constructor(host: HostPlatform, observer: BuildObserver) {
    this.#register = new BuildRegister(host);
    this.#observer = observer;
  }

  /** Inserts builds in one transaction; without `notify` they are only found at the next regular look. */
  insert(batches: readonly BuildBatch[], now: number, notify: boolean): readonly Build[] {
    const builds = batches.flatMap((batch) => this.#register.make(batch, now));
    for (const build of builds) {
      this.#unfinished.set(build.id, build);
      this.#unread.push(build);
      this.#observer.onBuildQueued?.(build);
    }
    if (notify) this.listener?.buildsAdded();
    else this.listener?.buildsAddedSilently();
    return builds;
  }

  /** Marks builds as cancelled; those that have ended stay as they are. */
  cancel(builds: readonly Build[], now: number): void {
    const cancelled = builds.filter((build) => this.finish(build, 'cancelled', now));
    if (cancelled.length > 0) this.listener?.buildsCancelled(cancelled);
  }

  /** Records the end of a build; false when it had ended before. */
  finish(build: Build, status: BuildStatus, now: number): boolean {
    if (build.status !== undefined) return false;
    build.status = status;
    build.finishedAt = now;
    this.#unfinished.delete(build.id);
    this.#observer.onBuildFinished?.(build);
    return true;
  }

  /** The unfinished builds, oldest first. */
  unfinished(): IterableIterator<Build> {
    return this.#unfinished.values();
  }

  /** A starting process reads all unfinished builds. */
  readAll(): Build[] {
    this.#unread = [];
    return [...this.#unfinished.values()];
  }

  /** A running process reads the builds added since its last look. */
  readNew(): Build[] {
    const builds = this.#unread.filter((build) => build.status === undefined);
    this.#unread = [];
    return builds;
  }

  recordStep(jobset: string, step: RecordedStep): void {
    const steps = this.#stepsByJobset.get(jobset) ?? [];
    steps.push(step);
    this.#stepsByJobset.set(jobset, steps);
  }

  /** The steps of a jobset that a starting process counts. */
  recordedSteps(jobset: string, now: number): readonly RecordedStep[] {
    const steps = (this.#stepsByJobset.get(jobset) ?? []).filter(
      (step) => step.stop > now - REMEMBERED_SECONDS,
    );
    this.#stepsByJobset.set(jobset, steps);
    return steps;
  }
}
