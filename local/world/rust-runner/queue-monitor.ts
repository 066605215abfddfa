import type { Build } from '../hydra/builds.ts';
import type { DatabaseListener } from '../hydra/database.ts';
import type { RustContext } from './context.ts';
import { drvNameOf } from './derivations.ts';
import type { StepEnds } from './step-ends.ts';
import {
  FIRST_CHECK_SECONDS,
  LAST_CHECK_PAUSE_SECONDS,
  LOAD_SECONDS,
  NOTIFY_SECONDS,
  RELOAD_SECONDS,
} from './timings.ts';
import type { RustStep } from './machine.ts';

/** Its outputs are there, whatever the database says of it. */
const isBuilt = ({ tries }: Build): boolean => tries.some(({ outcome }) => outcome === 'succeeded');

/**
 * Looks at the whole queue when it is told that something was added, build by build, and wakes the dispatcher once it
 * has seen all of it. Nothing is looked at without being told.
 */
export class RustQueueMonitor implements DatabaseListener {
  readonly #context: RustContext;
  readonly #ends: StepEnds;
  #state: 'starting' | 'idle' | 'checking' | 'failing' = 'starting';
  #isToldMeanwhile = false;
  /** Failed checks in a row. */
  #failures = 0;

  constructor(context: RustContext, ends: StepEnds) {
    this.#context = context;
    this.#ends = ends;
    context.life.after(FIRST_CHECK_SECONDS, this.#check);
  }

  buildsAdded(): void {
    if (this.#state === 'idle') {
      this.#state = 'checking';
      this.#wakeUp();
    } else this.#isToldMeanwhile = true;
  }

  /** They are found when it is told of others. */
  buildsAddedSilently(): void {
    // Its timer is off by default.
  }

  /** What is being built is stopped; what waits stays in the queue until a machine could take it. */
  buildsCancelled(builds: readonly Build[]): void {
    this.#context.life.after(NOTIFY_SECONDS, () => {
      for (const build of builds) {
        const job = this.#context.steps.get(build)?.job;
        if (job !== undefined) this.#ends.cancel(job);
      }
      this.buildsAdded();
    });
  }

  /** PostgreSQL stopped: it loses its ear, and looks again in growing intervals. */
  databaseLost(): void {
    if (this.#state === 'idle') this.#check();
  }

  #wakeUp(): void {
    this.#isToldMeanwhile = false;
    this.#context.counters.queueWakeups += 1;
    this.#context.life.after(NOTIFY_SECONDS, this.#check);
  }

  readonly #check = (): void => {
    const { counters, database, life } = this.#context;
    counters.queueChecksStarted += 1;
    if (!database.reachable) {
      this.#state = 'failing';
      this.#failures += 1;
      life.after(Math.min(2 ** this.#failures, LAST_CHECK_PAUSE_SECONDS), this.#check);
      return;
    }
    this.#failures = 0;
    this.#state = 'checking';
    this.#isToldMeanwhile = false;
    this.#loadFrom(database.readAll(), 0);
  };

  /** Known builds take a moment, too, but many of them are taken at once. */
  #loadFrom(builds: readonly Build[], start: number): void {
    const { life, steps } = this.#context;
    let seconds = 0;
    for (let index = start; index < builds.length; index += 1) {
      const build = builds[index];
      if (build !== undefined && isBuilt(build)) this.#ends.finishBuilt(build);
      if (build === undefined || isBuilt(build) || steps.get(build) !== undefined) seconds += RELOAD_SECONDS;
      else {
        seconds += LOAD_SECONDS;
        life.after(seconds, () => {
          this.#load(build, seconds);
          this.#loadFrom(builds, index + 1);
        });
        return;
      }
    }
    life.after(seconds, () => {
      this.#rest(builds.length);
    });
  }

  #load(build: Build, seconds: number): void {
    const { counters, jobsets, life, pending, steps } = this.#context;
    const step: RustStep = {
      build,
      drv: drvNameOf(build),
      runnableAt: life.now,
      tries: 0,
      retryAt: 0,
      job: undefined,
      cancelled: false,
      isOver: false,
    };
    jobsets.load(build.jobset, life.now);
    steps.add(step);
    pending.push(step);
    counters.stepsCreated += 1;
    counters.buildReadSeconds += seconds;
  }

  #rest(seen: number): void {
    const { counters, wakeDispatcher } = this.#context;
    counters.buildsRead += seen;
    counters.queueChecksFinished += 1;
    this.#state = 'idle';
    wakeDispatcher();
    if (this.#isToldMeanwhile) this.buildsAdded();
  }
}
