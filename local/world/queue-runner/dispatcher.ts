import type { Cancel } from '../timeline.ts';
import { BuilderThread } from './builder-thread.ts';
import type { Step } from '../hydra/builds.ts';
import type { Machine } from './machines.ts';
import type { KindCount } from './runnable-steps.ts';
import type { RunnerContext } from './runner-context.ts';
import { ABORT_SECONDS, DISPATCH_SECONDS, FIRST_ABORT_SECONDS } from './timings.ts';

/** C++ computes the load of a machine in single precision and rounds halves up. */
const load = (machine: Machine): number =>
  Math.round(Math.fround(machine.history.currentJobs / Math.fround(machine.config.speedFactor)));

/** Least load first, then the faster machine, then the one with more jobs. */
const isPreferred = (a: Machine, b: Machine): boolean => {
  const loadDifference = load(a) - load(b);
  if (loadDifference !== 0) return loadDifference < 0;
  const speedDifference = a.config.speedFactor - b.config.speedFactor;
  if (speedDifference !== 0) return speedDifference > 0;
  return a.history.currentJobs > b.history.currentJobs;
};

const isDisabled = (machine: Machine, now: number): boolean =>
  machine.history.consecutiveFailures > 0 && machine.history.disabledUntil > now;

/**
 * Gives runnable steps to machines. It sleeps until it is woken or the nearest back-off of a step or a
 * listed machine ends, and everything it reports is as old as its last waking.
 */
export class Dispatcher {
  readonly #context: RunnerContext;
  readonly #maxUnsupportedSeconds: number;
  #machinesRead = false;
  #busy = false;
  #woken = false;
  #alarm: { readonly at: number; readonly cancel: Cancel } | undefined;

  /** @param maxUnsupportedSeconds how long a step may wait while no known machine supports it. */
  constructor(context: RunnerContext, maxUnsupportedSeconds: number) {
    this.#context = context;
    this.#maxUnsupportedSeconds = maxUnsupportedSeconds;
  }

  /** The machines files were looked at for the first time without an error: only now does it begin. */
  begin(): void {
    if (this.#machinesRead) return;
    this.#machinesRead = true;
    this.#run();
  }

  /** Dispatches now, or once more when it is done with what it does. */
  wake(): void {
    if (this.#machinesRead && !this.#busy) this.#run();
    else this.#woken = true;
  }

  #run(): void {
    this.#busy = true;
    const abortSeconds = this.#dispatch();
    this.#context.counters.dispatchSeconds += DISPATCH_SECONDS + abortSeconds;
    if (abortSeconds > 0)
      this.#context.life.after(abortSeconds, () => {
        this.#rest();
      });
    else this.#rest();
  }

  #rest(): void {
    this.#busy = false;
    if (!this.#woken) return;
    this.#woken = false;
    this.#run();
  }

  /** Returns the time spent on aborting steps, in seconds; all else is done within the instant. */
  #dispatch(): number {
    const { counters, jobsets, life, machineTypes, runnable } = this.#context;
    counters.dispatcherWakeups += 1;
    jobsets.prune(life.now);
    const nextRetry = runnable.endBackOffs(life.now);
    this.#setAlarm(Math.min(nextRetry, this.#nextEnabling()));
    this.#startSteps();
    for (const count of runnable.counts()) machineTypes.at(count.kind).runnable = 0;
    for (const count of runnable.counts()) machineTypes.at(count.kind).runnable += count.steps.size;
    return this.#abortUnsupported();
  }

  #startSteps(): void {
    const { counters, machines, runnable, threads } = this.#context;
    for (let machine = this.#pickMachine(); machine !== undefined; machine = this.#pickMachine()) {
      const chosen = machine;
      const step = runnable.take((kind) => machines.fits(chosen, kind));
      if (step === undefined) return;
      threads.set(step, new BuilderThread(this.#context, step, machine));
      counters.mostActiveSteps = Math.max(counters.mostActiveSteps, threads.size);
    }
  }

  /** The first machine, in order of preference, that has a free slot and something to do. */
  #pickMachine(): Machine | undefined {
    const { life, machines, runnable } = this.#context;
    let best: Machine | undefined;
    for (const machine of machines.all()) {
      const isFree = machine.enabled && machine.history.currentJobs < machine.config.maxJobs;
      if (!isFree || isDisabled(machine, life.now)) continue;
      if (best !== undefined && !isPreferred(machine, best)) continue;
      if (runnable.hasReady((kind) => machines.fits(machine, kind))) best = machine;
    }
    return best;
  }

  #nextEnabling(): number {
    const { life, machines } = this.#context;
    let next = Number.POSITIVE_INFINITY;
    for (const machine of machines.all()) {
      const waits = machine.enabled && isDisabled(machine, life.now);
      if (waits) next = Math.min(next, machine.history.disabledUntil);
    }
    return next;
  }

  #setAlarm(at: number): void {
    if (this.#alarm?.at === at) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    const cancel = this.#context.life.at(at, () => {
      this.#alarm = undefined;
      this.wake();
    });
    this.#alarm = { at, cancel };
  }

  /** Fails what no machine, not even a removed one, has supported for too long. Returns the seconds it takes. */
  #abortUnsupported(): number {
    const { counters, machines, runnable } = this.#context;
    counters.unsupportedSteps = 0;
    const overdue: Step[] = [];
    for (const count of runnable.counts()) {
      if (count.steps.size === 0) continue;
      if (machines.isSupported(count.kind)) count.lastSupportedAt = this.#context.life.now;
      else {
        counters.unsupportedSteps += count.steps.size;
        overdue.push(...this.#overdue(count));
      }
    }
    for (const step of overdue) this.#abort(step);
    if (overdue.length === 0) return 0;
    const first = counters.hasAborted ? ABORT_SECONDS : FIRST_ABORT_SECONDS;
    counters.hasAborted = true;
    return first + (overdue.length - 1) * ABORT_SECONDS;
  }

  /** Steps were loaded in the order they are kept in, so the first that is not overdue ends the search. */
  #overdue(count: KindCount): Step[] {
    const overdue: Step[] = [];
    for (const step of count.steps) {
      const since = Math.max(step.loadedAt, count.lastSupportedAt);
      if (Math.floor(this.#context.life.now - since) < this.#maxUnsupportedSeconds) break;
      overdue.push(step);
    }
    return overdue;
  }

  #abort(step: Step): void {
    const { counters, database, life, runnable, steps } = this.#context;
    step.build.tries.push({ machine: '', outcome: 'unsupported' });
    runnable.remove(step);
    steps.delete(step.build);
    if (database.finish(step.build, 'unsupported', life.now)) counters.buildsDone += 1;
  }
}
