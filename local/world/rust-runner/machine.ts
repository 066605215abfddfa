import type { Build, Try } from '../hydra/builds.ts';
import { MachineStats } from './machine-stats.ts';
import type { Busy } from './steps.ts';

/** One step in the memory of a queue runner process, from its loading to its end. */
export interface RustStep {
  readonly build: Build;
  /** The name of its derivation. */
  readonly drv: string;
  /** When it could be started first: the unsupported clock starts here. Epoch seconds. */
  readonly runnableAt: number;
  /** Failed tries in this process. */
  tries: number;
  /** Not to be given out before this instant. */
  retryAt: number;
  /** Where it is being built, as the queue runner has it; that may be a machine that is gone. */
  job: RustJob | undefined;
  /** Its build was cancelled while it was being built. */
  cancelled: boolean;
  /** It has succeeded, which could not be written down. */
  isOver: boolean;
}

/** One step on one machine, and its row in BuildSteps. */
export interface RustJob {
  readonly step: RustStep;
  readonly machine: RustMachine;
  readonly try: Try;
  /** Epoch seconds. */
  readonly startedAt: number;
  busy: Busy;
}

/** What a builder says when it joins. */
export interface JoinMessage {
  readonly hostname: string;
  readonly systems: readonly string[];
  readonly supportedFeatures: readonly string[];
  readonly mandatoryFeatures: readonly string[];
  readonly maxJobs: number;
  readonly speedFactor: number;
  /** Below this part of free space, in percent, it wants nothing. */
  readonly buildDirAvailThreshold: number;
  readonly storeAvailThreshold: number;
}

/** What the queue runner says to a builder over the connection that the builder has opened. */
export interface Tunnel {
  give(job: RustJob): void;
  /** Its build is no longer wanted. */
  abort(job: RustJob): void;
  /** The queue runner's process ended. */
  runnerEnded(): void;
  /** The queue runner's process hangs, or goes on. */
  runnerHangs(isHanging: boolean): void;
}

/** One connection of a builder, as the queue runner has it: a builder that comes back is another machine. */
export class RustMachine {
  readonly id: number;
  readonly join: JoinMessage;
  readonly tunnel: Tunnel;
  readonly joinedAt: number;
  readonly stats: MachineStats;
  /** Steps it has been given, the oldest first. */
  readonly jobs: RustJob[] = [];
  /** Whether what is sent to it still goes somewhere; so it does for a moment after it was taken out of the list. */
  isOpen = true;
  isListed = true;

  constructor(id: number, join: JoinMessage, tunnel: Tunnel, now: number) {
    this.id = id;
    this.join = join;
    this.tunnel = tunnel;
    this.joinedAt = now;
    this.stats = new MachineStats(now);
  }

  get hasSlot(): boolean {
    return this.stats.currentJobs < this.join.maxJobs;
  }

  /** Whether it may be given work now. */
  get hasCapacity(): boolean {
    const { buildDirFreePercent, storeFreePercent } = this.free;
    if (buildDirFreePercent < this.join.buildDirAvailThreshold) return false;
    if (storeFreePercent < this.join.storeAvailThreshold) return false;
    return this.hasSlot;
  }

  /** Nothing is free before the first ping. */
  get free(): { readonly buildDirFreePercent: number; readonly storeFreePercent: number } {
    return this.stats.ping ?? { buildDirFreePercent: 0, storeFreePercent: 0 };
  }

  /** Whether it could ever build a step with these features, full or closed. */
  supports(features: readonly string[]): boolean {
    return (
      this.join.mandatoryFeatures.every((feature) => features.includes(feature)) &&
      features.every((feature) => this.join.supportedFeatures.includes(feature))
    );
  }

  /** Slots of steps that are over, or at work elsewhere: none of them is ever free again. */
  get heldSlots(): number {
    return this.jobs.filter((job) => job.step.job !== job).length;
  }

  begin(job: RustJob, now: number): void {
    this.jobs.push(job);
    this.stats.began(this.jobs.length, now);
  }

  /** Frees the slot. */
  end(job: RustJob, now: number): void {
    const index = this.jobs.indexOf(job);
    if (index >= 0) this.jobs.splice(index, 1);
    this.stats.ended(this.jobs.length, now);
  }
}
