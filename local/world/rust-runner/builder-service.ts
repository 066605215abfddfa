import type { Cancel, Timeline } from '../timeline.ts';
import { BuilderJob, type JobHost } from './builder-job.ts';
import { dialIn, diedOf, type Exit } from './dialing.ts';
import { RunnerLink } from './link.ts';
import type { Tunnel, RustJob } from './machine.ts';
import { Passage } from './passage.ts';
import type { ServiceHost } from './service-host.ts';
import type { Busy, JobResult, JobTimes } from './steps.ts';
import { BUILDER_PATIENCE_SECONDS, type RustTimings } from './timings.ts';

const OPEN_PERCENT = 100;
const STORE_FREE_PERCENT = 80;

/** One life of hydra-builder's process. */
export class BuilderService implements Tunnel, JobHost {
  readonly #builder: ServiceHost;
  readonly #ended: (exit: Exit) => void;
  readonly #jobs = new Map<RustJob, BuilderJob>();
  /** To and from it; closed while it is frozen or cut off. */
  readonly #passage: Passage;
  #link: RunnerLink | undefined;
  readonly #cancels = new Set<Cancel>();
  /** It gives up a queue runner that is silent. */
  #patience: Cancel | undefined;

  /** @param ended called when it ends by itself. */
  constructor(builder: ServiceHost, ended: (exit: Exit) => void) {
    this.#builder = builder;
    this.#ended = ended;
    this.#passage = new Passage(() => !builder.isCutOff && !builder.isFrozen);
    this.#after(this.timings.joinSeconds(), () => {
      this.#passage.pass(this.#dial);
    });
  }

  get timeline(): Timeline {
    return this.#builder.timeline;
  }

  get timings(): RustTimings {
    return this.#builder.timings;
  }

  get hasDaemon(): boolean {
    return this.#builder.hasDaemon;
  }

  get nixFeatures(): readonly string[] {
    return this.#builder.options.nixFeatures;
  }

  get isFrozen(): boolean {
    return this.#builder.isFrozen;
  }

  /** Its connection, while it has one. */
  get link(): RunnerLink | undefined {
    return this.#link;
  }

  give(job: RustJob): void {
    this.#passage.pass(() => {
      const begun = new BuilderJob(this, job);
      this.#jobs.set(job, begun);
      begun.start();
    });
  }

  abort(job: RustJob): void {
    this.#passage.pass(() => {
      this.#jobs.get(job)?.drop();
      this.#jobs.delete(job);
    });
  }

  runnerEnded(): void {
    this.#passage.pass(() => {
      this.#link = undefined;
      this.#exit({ status: 1, lines: ['Queue-runner connection lost; aborting all active builds'] });
    });
  }

  runnerHangs(isHanging: boolean): void {
    if (isHanging) this.#losePatience();
    else if (!this.#builder.isCutOff) this.#hearAgain();
  }

  progress(job: RustJob, busy: Busy): void {
    this.#passage.pass(() => this.#link?.progress(job, busy));
  }

  complete(job: RustJob, result: JobResult, times: JobTimes): void {
    this.#passage.pass(() => {
      this.#jobs.delete(job);
      this.#link?.complete(job, result, times);
    });
  }

  /** The process ends, and its connection with it after `seconds`. */
  end(seconds: number): void {
    const link = this.#link;
    this.#stopWork();
    if (link !== undefined) this.timeline.after(seconds, () => this.#builder.close(link));
  }

  freeze(): void {
    for (const job of this.#jobs.values()) job.freeze();
  }

  thaw(): void {
    for (const job of [...this.#jobs.values()]) job.thaw();
    this.#passage.letThrough();
  }

  cutOff(): void {
    this.#losePatience();
  }

  heal(): void {
    this.#hearAgain();
    this.#passage.letThrough();
  }

  readonly #dial = (): void => {
    const answer = dialIn(this.#builder.runner, this, this.#builder.options);
    if (answer instanceof RunnerLink) {
      this.#link = answer;
      this.#builder.joined();
      this.#after(this.timings.firstPingSeconds(), this.#ping);
    } else this.#exit(answer);
  };

  /** Its gauge, and not the builds, decides whether it wants more. */
  readonly #ping = (): void => {
    const { isClosed, isCutOff, isFrozen, options } = this.#builder;
    this.#after(options.pingSeconds, this.#ping);
    if (isCutOff || isFrozen) return;
    const uploading = [...this.#jobs.values()].filter((job) => job.isUploading).length;
    this.#link?.ping({
      buildDirFreePercent: isClosed ? 0 : OPEN_PERCENT,
      storeFreePercent: STORE_FREE_PERCENT,
      currentUploadingPathCount: uploading,
      load1: this.#jobs.size,
    });
  };

  #losePatience(): void {
    this.#patience ??= this.#after(BUILDER_PATIENCE_SECONDS, () => {
      this.#exit(diedOf('transport error', 'keep-alive timed out'));
    });
  }

  #hearAgain(): void {
    this.#patience?.();
    this.#patience = undefined;
  }

  #exit(exit: Exit): void {
    this.end(0);
    this.#ended(exit);
  }

  #stopWork(): void {
    this.#passage.end();
    for (const cancel of this.#cancels) cancel();
    for (const job of this.#jobs.values()) job.drop();
    this.#jobs.clear();
  }

  #after(seconds: number, happen: () => void): Cancel {
    const cancel = this.timeline.after(seconds, () => {
      this.#cancels.delete(cancel);
      happen();
    });
    this.#cancels.add(cancel);
    return cancel;
  }
}
