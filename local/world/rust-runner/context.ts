import type { Build, StepKind } from '../hydra/builds.ts';
import type { HydraDatabase } from '../hydra/database.ts';
import type { BuildObserver } from '../hydra/observer.ts';
import type { ProcessLife } from '../hydra/process-life.ts';
import type { Jobsets } from '../hydra/jobset-share.ts';
import { StepTotals } from './machine-stats.ts';
import type { RustMachines } from './machines.ts';
import type { RustQueues } from './queues.ts';
import type { RustRunnerSettings } from './settings.ts';
import type { BusyRows } from './busy-rows.ts';
import type { RustTimings } from './timings.ts';
import type { RustStep } from './machine.ts';

/** What one process counts since its start; most names are those of the status without their `nr`. */
export class RustCounters {
  queueChecksStarted = 0;
  queueChecksFinished = 0;
  queueWakeups = 0;
  buildsRead = 0;
  buildReadSeconds = 0;
  stepsCreated = 0;
  buildsDone = 0;
  stepsStarted = 0;
  stepsBuilding = 0;
  stepsWaiting = 0;
  unsupportedSteps = 0;
  unsupportedStepsAborted = 0;
  retries = 0;
  maxRetries = 0;
  dispatcherWakeups = 0;
  dispatchSeconds = 0;
  readonly totals = new StepTotals();
}

/** The loaded steps of one kind. */
export interface KindSteps {
  readonly steps: Set<RustStep>;
  lastSupportedAt: number;
}

/** The loaded steps, each until its end. */
export class RustSteps {
  readonly #byBuild = new Map<Build, RustStep>();
  readonly #byKind = new Map<StepKind, KindSteps>();

  get size(): number {
    return this.#byBuild.size;
  }

  get(build: Build): RustStep | undefined {
    return this.#byBuild.get(build);
  }

  add(step: RustStep): void {
    this.#byBuild.set(step.build, step);
    const { kind } = step.build;
    const known = this.#byKind.get(kind) ?? { steps: new Set<RustStep>(), lastSupportedAt: 0 };
    known.steps.add(step);
    this.#byKind.set(kind, known);
  }

  delete(step: RustStep): void {
    this.#byBuild.delete(step.build);
    this.#byKind.get(step.build.kind)?.steps.delete(step);
  }

  /** It stays in its queue for a while, or for good. */
  isOver(step: RustStep): boolean {
    return step.isOver || this.get(step.build) !== step;
  }

  kinds(): IterableIterator<[StepKind, KindSteps]> {
    return this.#byKind.entries();
  }
}

/** What the parts of one queue runner process share. */
export interface RustContext {
  readonly life: ProcessLife;
  readonly timings: RustTimings;
  readonly settings: RustRunnerSettings;
  readonly database: HydraDatabase;
  readonly rows: BusyRows;
  readonly observer: BuildObserver;
  readonly counters: RustCounters;
  readonly machines: RustMachines;
  readonly queues: RustQueues;
  readonly jobsets: Jobsets;
  readonly steps: RustSteps;
  /** Loaded, and not yet in a queue: the dispatcher puts them there. */
  readonly pending: RustStep[];
  wakeDispatcher(): void;
}
