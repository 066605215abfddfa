import type { Cancel } from '../timeline.ts';
import type { Timeline } from '../timeline.ts';
import type { RustJob } from './machine.ts';
import {
  BUILDING,
  POST_PROCESSING,
  RECEIVING_OUTPUTS,
  SENDING_INPUTS,
  type Busy,
  type JobResult,
  type JobTimes,
} from './steps.ts';
import { IMPORT_SECONDS, type RustTimings } from './timings.ts';

/** What a job needs of the builder it is on. */
export interface JobHost {
  readonly timeline: Timeline;
  readonly timings: RustTimings;
  /** Whether its Nix daemon answers. */
  readonly hasDaemon: boolean;
  /** What its own Nix has. */
  readonly nixFeatures: readonly string[];
  readonly isFrozen: boolean;
  progress(job: RustJob, busy: Busy): void;
  complete(job: RustJob, result: JobResult, times: JobTimes): void;
}

/** What goes on now. Time passes for a build while its builder is frozen, and not for what the builder itself does. */
interface Stage {
  readonly isBuild: boolean;
  readonly done: () => void;
  remaining: number;
  startedAt: number;
  cancel: Cancel | undefined;
}

/** One step on a builder: inputs are fetched, it is built, its outputs are sent back. */
export class BuilderJob {
  readonly job: RustJob;
  readonly #host: JobHost;
  #stage: Stage | undefined;
  #isUploading = false;
  #buildMs = 0;
  #uploadMs = 0;

  constructor(host: JobHost, job: RustJob) {
    this.#host = host;
    this.job = job;
  }

  get isUploading(): boolean {
    return this.#isUploading;
  }

  /** Begins, or fails at once on a builder that cannot build it. */
  start(): void {
    const { hasDaemon, nixFeatures, timings } = this.#host;
    const { features } = this.job.step.build.kind;
    if (!hasDaemon) {
      this.#breakDown();
      return;
    }
    this.#host.progress(this.job, SENDING_INPUTS);
    if (features.every((feature) => nixFeatures.includes(feature)))
      this.#begin(false, IMPORT_SECONDS, this.#build);
    else this.#fail('failed', timings.refusalSeconds());
  }

  freeze(): void {
    const stage = this.#stage;
    if (stage?.cancel === undefined) return;
    stage.cancel();
    stage.cancel = undefined;
    if (!stage.isBuild) this.#count(stage);
  }

  thaw(): void {
    const stage = this.#stage;
    if (stage === undefined || stage.cancel !== undefined) return;
    if (stage.isBuild) this.#count(stage);
    this.#proceed(stage);
  }

  /** Nobody wants it any more. */
  drop(): void {
    this.#stage?.cancel?.();
    this.#stage = undefined;
  }

  readonly #build = (): void => {
    const { seconds } = this.job.step.build;
    this.#host.progress(this.job, BUILDING);
    const wall = seconds + this.#host.timings.buildOverheadSeconds();
    this.#buildMs = Math.round(wall * 1000);
    this.#begin(true, wall, this.#endBuild);
  };

  readonly #endBuild = (): void => {
    const { fail, outputMiB } = this.job.step.build;
    if (fail) {
      this.#complete('failed');
      return;
    }
    if (!this.#host.hasDaemon) {
      this.#breakDown();
      return;
    }
    const seconds = this.#host.timings.uploadSeconds(outputMiB);
    this.#uploadMs = Math.round(seconds * 1000);
    this.#isUploading = true;
    this.#host.progress(this.job, RECEIVING_OUTPUTS);
    this.#begin(false, seconds, () => {
      this.#isUploading = false;
      this.#host.progress(this.job, POST_PROCESSING);
      this.#complete('succeeded');
    });
  };

  /**
   * The Nix daemon is gone: the step fails, though not by its own fault. A build that is under way outlives it
   * (measured: docs/develop/facts.md#a-broken-builder-of-the-rust-runner-takes-every-step).
   */
  #breakDown(): void {
    this.#fail('broken', this.#host.timings.refusalSeconds());
  }

  #fail(result: JobResult, seconds: number): void {
    this.drop();
    this.#begin(false, seconds, () => {
      this.#complete(result);
    });
  }

  #complete(result: JobResult): void {
    const importMs = Math.round(IMPORT_SECONDS * 1000);
    this.#host.complete(this.job, result, { importMs, buildMs: this.#buildMs, uploadMs: this.#uploadMs });
  }

  #begin(isBuild: boolean, seconds: number, done: () => void): void {
    const startedAt = this.#host.timeline.now;
    this.#stage = { isBuild, done, remaining: seconds, startedAt, cancel: undefined };
    if (!this.#host.isFrozen) this.#proceed(this.#stage);
  }

  #count(stage: Stage): void {
    const { now } = this.#host.timeline;
    stage.remaining = Math.max(0, stage.remaining - (now - stage.startedAt));
    stage.startedAt = now;
  }

  #proceed(stage: Stage): void {
    stage.startedAt = this.#host.timeline.now;
    stage.cancel = this.#host.timeline.after(stage.remaining, () => {
      this.#stage = undefined;
      stage.done();
    });
  }
}
