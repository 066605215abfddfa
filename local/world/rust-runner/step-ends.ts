import type { BuildStatus, TryOutcome } from '../hydra/builds.ts';
import type { StepPhase } from '../hydra/observer.ts';
import type { RustContext } from './context.ts';
import type { RustMachine, RustJob } from './machine.ts';
import { BUILDING, NO_TIMES, RECEIVING_OUTPUTS, type JobResult, type JobTimes } from './steps.ts';

/** Where a step was, in the words of both kinds of queue runner. */
export const phaseOf = ({ busy }: RustJob): StepPhase => {
  if (busy < BUILDING) return 'connecting';
  if (busy < RECEIVING_OUTPUTS) return 'building';
  return busy === RECEIVING_OUTPUTS ? 'copying-back' : 'recording';
};

/** How steps end, and what is written down of it. */
export class StepEnds {
  readonly #context: RustContext;

  constructor(context: RustContext) {
    this.#context = context;
  }

  /**
   * A builder reports. `refused` is called when that could not be written down: it has to report again. The real one
   * refuses for good then, and the slot is lost (measured: docs/develop/facts.md#a-step-that-ends-without-the-database-keeps-its-slot);
   * that is not simulated.
   */
  report(job: RustJob, result: JobResult, times: JobTimes, refused: () => void): void {
    const { database, life, timings } = this.#context;
    life.after(timings.recordSeconds(), () => {
      if (job.step.job !== job) return;
      if (!database.reachable) {
        refused();
        return;
      }
      if (result === 'broken') {
        this.#tellLost(job);
        this.#retryOrAbort(job, times);
      } else this.#finish(job, result, result, times);
    });
  }

  /**
   * A machine has left: its steps are failed one after the other, and only then does nothing reach it any more. What
   * it is given meanwhile is not among them.
   */
  leave(machine: RustMachine): void {
    const { life, machines, timings } = this.#context;
    machines.remove(machine);
    machine.isListed = false;
    const jobs = [...machine.jobs];
    const failNext = (): void => {
      const job = jobs.shift();
      if (job === undefined) {
        machine.isOpen = false;
        return;
      }
      life.after(timings.failSeconds(), () => {
        if (job.step.job === job) this.#lose(job);
        failNext();
      });
    };
    failNext();
  }

  /** Its build was cancelled while it was being built. A machine that is gone is not told, so the step stays. */
  cancel(job: RustJob): void {
    job.step.cancelled = true;
    if (!job.machine.isOpen) return;
    job.machine.tunnel.abort(job);
    this.#finish(job, 'cancelled', 'cancelled', NO_TIMES);
  }

  #lose(job: RustJob): void {
    const isWritten = this.#context.database.reachable;
    this.#tellLost(job);
    this.#retryOrAbort(job, NO_TIMES);
    // Its row stays as it is until the queue runner is started again.
    if (!isWritten) this.#context.rows.add(job);
  }

  #tellLost(job: RustJob): void {
    const { hostname: machine } = job.machine.join;
    const { build } = job.step;
    this.#context.observer.onStepLost?.({
      build,
      machine,
      address: machine,
      phase: phaseOf(job),
      cause: 'connection',
    });
  }

  #retryOrAbort(job: RustJob, times: JobTimes): void {
    const { counters, life, settings, wakeDispatcher } = this.#context;
    const { step } = job;
    step.tries += 1;
    if (step.tries >= settings.maxRetries) {
      this.#finish(job, 'aborted', 'transient', times);
      return;
    }
    counters.retries += 1;
    counters.maxRetries = Math.max(counters.maxRetries, step.tries);
    const growth = settings.retryBackoff ** (step.tries - 1);
    step.retryAt = life.now + Math.floor(settings.retryIntervalSeconds * growth);
    this.#release(job, 'transient', times);
    wakeDispatcher();
  }

  #finish(
    job: RustJob,
    status: Exclude<BuildStatus, 'unsupported'>,
    outcome: TryOutcome,
    times: JobTimes,
  ): void {
    const { counters, database, life, queues, steps, wakeDispatcher } = this.#context;
    this.#release(job, outcome, times);
    queues.of(job.step).remove(job.step);
    steps.delete(job.step);
    if (database.finish(job.step.build, status, life.now)) counters.buildsDone += 1;
    wakeDispatcher();
  }

  /** Frees the slot and closes the row. */
  #release(job: RustJob, outcome: TryOutcome, times: JobTimes): void {
    const { counters, database, jobsets, life, queues, rows } = this.#context;
    const { step, machine } = job;
    const hasSucceeded = outcome === 'succeeded';
    const stepMs = Math.round((life.now - job.startedAt) * 1000);
    job.try.outcome = outcome;
    step.job = undefined;
    queues.of(step).active -= 1;
    rows.ended(job, outcome, life.now);
    machine.end(job, life.now);
    machine.stats.tell(hasSucceeded, stepMs, times, life.now);
    counters.totals.add(hasSucceeded, stepMs, times);
    counters.stepsBuilding -= 1;
    const recorded = { start: Math.floor(job.startedAt), stop: Math.floor(life.now) };
    database.recordStep(step.build.jobset, recorded);
    jobsets.load(step.build.jobset, life.now).add(recorded);
  }
}
