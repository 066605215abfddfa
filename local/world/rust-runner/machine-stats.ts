import type { JobTimes } from './steps.ts';

/** What a builder says of itself every few seconds. */
export interface Ping {
  readonly buildDirFreePercent: number;
  readonly storeFreePercent: number;
  readonly currentUploadingPathCount: number;
  readonly load1: number;
}

/** Totals of steps, in milliseconds where they are times. */
export class StepTotals {
  succeeded = 0;
  failed = 0;
  stepMs = 0;
  importMs = 0;
  buildMs = 0;
  uploadMs = 0;

  add(hasSucceeded: boolean, stepMs: number, times: JobTimes): void {
    if (hasSucceeded) this.succeeded += 1;
    else this.failed += 1;
    this.stepMs += stepMs;
    this.importMs += times.importMs;
    this.buildMs += times.buildMs;
    this.uploadMs += times.uploadMs;
  }
}

const JOB_WINDOW_SECONDS = 30;

/** The numbers the queue runner keeps of a machine, flaws included. Times are whole epoch seconds. */
export class MachineStats {
  currentJobs = 0;
  stepsDone = 0;
  idleSince: number;
  lastFailure = 0;
  consecutiveFailures = 0;
  /** 0 before the first one. */
  lastPing = 0;
  /** Undefined before the first one: nothing is free then. */
  ping: Ping | undefined;
  jobsInLast30sStart = 0;
  jobsInLast30sCount = 0;
  readonly totals = new StepTotals();

  constructor(now: number) {
    this.idleSince = Math.floor(now);
  }

  heardFrom(ping: Ping, now: number): void {
    this.ping = ping;
    this.lastPing = Math.floor(now);
  }

  began(jobs: number, now: number): void {
    if (this.jobsInLast30sCount === 0) this.jobsInLast30sStart = Math.floor(now);
    this.#setJobs(jobs, now);
    this.jobsInLast30sCount += 1;
  }

  ended(jobs: number, now: number): void {
    this.stepsDone += 1;
    this.#setJobs(jobs, now);
    if (Math.floor(now) <= this.jobsInLast30sStart + JOB_WINDOW_SECONDS) this.jobsInLast30sCount -= 1;
  }

  /** Every failure counts, those of the builds themselves, too; only a success forgives. */
  tell(hasSucceeded: boolean, stepMs: number, times: JobTimes, now: number): void {
    this.totals.add(hasSucceeded, stepMs, times);
    if (hasSucceeded) this.consecutiveFailures = 0;
    else {
      this.consecutiveFailures += 1;
      this.lastFailure = Math.floor(now);
    }
  }

  /** Told a second time that there are none it forgets since when. */
  #setJobs(jobs: number, now: number): void {
    this.idleSince = jobs === 0 && this.idleSince === 0 ? Math.floor(now) : 0;
    this.currentJobs = jobs;
  }
}
