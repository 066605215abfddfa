import type { Build, BuildStatus, TryOutcome } from '../hydra/builds.ts';
import type { StepPhase } from '../hydra/observer.ts';
import type { RustContext } from './context.ts';
import type { RustMachine, RustJob, RustStep } from './machine.ts';
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

  /** A builder reports. What it reports again and again in vain, once it could not be written down, is left out. */
  report(job: RustJob, result: JobResult, times: JobTimes): void {
    const { database, life, timings } = this.#context;
    life.after(timings.recordSeconds(), () => {
      if (job.step.job !== job) return;
      if (!database.reachable) this.#endUnwritten(job, result, times);
      else if (result === 'broken') {
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
        else this.#closeRow(job);
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

  /** The queue is read: the outputs of this build are there, although nobody wrote down that its step is over. */
  finishBuilt(build: Build): void {
    const { counters, database, life, steps } = this.#context;
    const step = steps.get(build);
    if (step !== undefined) steps.delete(step);
    if (database.finish(build, 'succeeded', life.now)) counters.buildsDone += 1;
  }

  /**
   * It is over, its row stays, and so does its slot unless its build failed by itself: that one is read from the database
   * again (measured: docs/develop/facts.md#a-step-that-ends-without-the-database-keeps-its-slot).
   */
  #endUnwritten(job: RustJob, result: JobResult, times: JobTimes): void {
    const { counters, life, observer, queues, steps } = this.#context;
    const { step, machine } = job;
    if (result === 'broken') this.#tellLost(job);
    else observer.onStepOver?.(step.build);
    const stepMs = Math.round((life.now - job.startedAt) * 1000);
    job.try.outcome = result === 'broken' ? 'transient' : result;
    step.job = undefined;
    queues.of(step).active -= 1;
    counters.stepsBuilding -= 1;
    machine.stats.tell(result === 'succeeded', stepMs, times, life.now);
    counters.totals.add(result === 'succeeded', stepMs, times);
    if (result === 'succeeded') step.isOver = true;
    else if (result === 'broken') this.#setBack(step);
    else {
      machine.end(job, life.now);
      queues.of(step).remove(step);
      steps.delete(step);
    }
  }

  #lose(job: RustJob): void {
    const isWritten = this.#context.database.reachable;
    this.#tellLost(job);
    this.#retryOrAbort(job, NO_TIMES);
    // Its row stays as it is until the queue runner is started again.
    if (!isWritten) this.#context.rows.add(job);
  }

  /** Of a step that it no longer has. */
  #closeRow(job: RustJob): void {
    const { database, rows } = this.#context;
    if (database.reachable) rows.delete(job);
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
    const { settings, wakeDispatcher } = this.#context;
    const { step } = job;
    if (step.tries + 1 >= settings.maxRetries) {
      step.tries += 1;
      this.#finish(job, 'aborted', 'transient', times);
      return;
    }
    this.#setBack(step);
    this.#release(job, 'transient', times);
    wakeDispatcher();
  }

  #setBack(step: RustStep): void {
    const { counters, life, settings } = this.#context;
    step.tries += 1;
    counters.retries += 1;
    counters.maxRetries = Math.max(counters.maxRetries, step.tries);
    const growth = settings.retryBackoff ** (step.tries - 1);
    step.retryAt = life.now + Math.floor(settings.retryIntervalSeconds * growth);
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
