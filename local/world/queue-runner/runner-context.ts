import type { BuilderNetwork } from './builder-network.ts';
import type { Build, Step, StepKind } from '../hydra/builds.ts';
import type { CopySlots } from './copy-slots.ts';
import type { HydraDatabase } from '../hydra/database.ts';
import type { GlibcRandom } from './glibc-random.ts';
import type { Jobsets } from '../hydra/jobset-share.ts';
import type { MachineTable } from './machines.ts';
import type { QueueRunnerObserver } from './observer.ts';
import type { ProcessLife } from '../hydra/process-life.ts';
import type { RunnableSteps } from './runnable-steps.ts';
import type { Timings } from './timings.ts';

/** What one process counts since its start; the names are those of the status without their `nr`. */
export class Counters {
  stepsStarted = 0;
  stepsDone = 0;
  stepsBuilding = 0;
  stepsCopyingFrom = 0;
  unsupportedSteps = 0;
  retries = 0;
  maxRetries = 0;
  /** Whole seconds. */
  totalStepTime = 0;
  totalStepBuildTime = 0;
  buildsRead = 0;
  buildsDone = 0;
  buildReadSeconds = 0;
  dispatcherWakeups = 0;
  dispatchSeconds = 0;
  bytesSent = 0;
  bytesReceived = 0;
  narsAdded = 0;
  /** Steps that connect, and that write and hash a large output: the more there are, the longer each takes. */
  connecting = 0;
  hashing = 0;
  /** Database connections are never given back, so their number is the most that were in use at once. */
  mostActiveSteps = 0;
  hasAborted = false;
}

/** Steps by kind as the status shows them. Kinds are never forgotten, and `runnable` is as old as the last dispatch. */
export class MachineTypes {
  readonly #types = new Map<string, { runnable: number; running: number }>();

  at(kind: StepKind): { runnable: number; running: number } {
    let type = this.#types.get(kind.key);
    if (type === undefined) this.#types.set(kind.key, (type = { runnable: 0, running: 0 }));
    return type;
  }

  entries(): IterableIterator<[string, { readonly runnable: number; readonly running: number }]> {
    return this.#types.entries();
  }
}

/** A step under way, as others than its own thread know it. */
export interface StepThread {
  readonly cancelled: boolean;
  /** Its step is no longer wanted. */
  cancel(): void;
  /** The process has died: nothing of it goes on. */
  abandon(): void;
}

/** What the parts of one queue runner process share. */
export interface RunnerContext {
  readonly life: ProcessLife;
  readonly timings: Timings;
  readonly builders: BuilderNetwork;
  readonly database: HydraDatabase;
  readonly observer: QueueRunnerObserver;
  readonly counters: Counters;
  readonly machineTypes: MachineTypes;
  readonly machines: MachineTable;
  readonly jobsets: Jobsets;
  readonly runnable: RunnableSteps;
  readonly copySlots: CopySlots;
  /** The process's one sequence of back-off draws. */
  readonly backOffDraws: GlibcRandom;
  /** The loaded, unfinished builds. */
  readonly steps: Map<Build, Step>;
  /** The steps under way, from dispatch to their record. */
  readonly threads: Map<Step, StepThread>;
  wakeDispatcher(): void;
}
