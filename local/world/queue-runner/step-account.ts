import { MAX_TRIES, retryDelaySeconds } from './back-off.ts';
import type { BuildStatus, Step, Try } from '../hydra/builds.ts';
import type { Machine } from './machines.ts';
import type { StepPhase } from '../hydra/observer.ts';
import type { RunnerContext } from './runner-context.ts';

/** The books of one try: the machine's slot it holds, and what is recorded when it ends. */
export class StepAccount {
  readonly #context: RunnerContext;
  readonly #step: Step;
  readonly #machine: Machine;
  readonly #try: Try;
  readonly #openedAt: number;
  #builtFrom: number;
  #builtUntil: number;
  #holdsMachineSlot = true;

  /** Takes a slot of the machine. */
  constructor(context: RunnerContext, step: Step, machine: Machine) {
    const { counters, machineTypes, life, observer } = context;
    const { build } = step;
    this.#context = context;
    this.#step = step;
    this.#machine = machine;
    this.#try = { machine: machine.config.uri, outcome: 'running' };
    this.#openedAt = this.#builtFrom = this.#builtUntil = life.now;
    build.startedAt ??= life.now;
    build.tries.push(this.#try);
    machine.history.currentJobs += 1;
    machineTypes.at(build.kind).running += 1;
    counters.stepsStarted += 1;
    observer.onStepStarted?.(build, machine.config.uri, machine.config.address);
  }

  /** The build itself begins on the builder. */
  beginBuild(): void {
    this.#builtFrom = this.#context.life.now;
  }

  /** The build itself has ended there. */
  endBuild(): void {
    this.#builtUntil = this.#context.life.now;
  }

  /** Gives the slot back; whether anybody notices is the caller's business. */
  releaseMachineSlot(): void {
    if (!this.#holdsMachineSlot) return;
    this.#holdsMachineSlot = false;
    this.#context.machineTypes.at(this.#step.build.kind).running -= 1;
    const { history } = this.#machine;
    history.currentJobs -= 1;
    if (history.currentJobs === 0) history.idleSince = Math.floor(this.#context.life.now);
  }

  /** The connection broke: the time until now counts, whatever was built. */
  breakOff(): void {
    this.#builtFrom = this.#openedAt;
    this.#builtUntil = this.#context.life.now;
  }

  tellLost(phase: StepPhase, cause: 'connection' | 'runner'): void {
    const { uri, address } = this.#machine.config;
    const { build } = this.#step;
    this.#context.observer.onStepLost?.({ build, machine: uri, address, phase, cause });
  }

  /** The try is forgotten with its process: no retry is counted. */
  abandon(): void {
    this.#try.outcome = 'lost';
  }

  /** Puts the step back for another try after a back-off; the last try aborts the build. */
  retryOrGiveUp(): void {
    const { counters, backOffDraws, runnable, life, wakeDispatcher } = this.#context;
    const step = this.#step;
    if (step.tries + 1 >= MAX_TRIES) {
      this.finish('aborted');
      return;
    }
    this.#try.outcome = 'transient';
    this.#charge();
    this.#close();
    step.tries += 1;
    counters.retries += 1;
    counters.maxRetries = Math.max(counters.maxRetries, step.tries);
    step.retryAt = life.now + retryDelaySeconds(step.tries, backOffDraws);
    runnable.add(step, life.now);
    wakeDispatcher();
  }

  /** Ends the build. The dispatcher is not woken: a slot given back only here goes unnoticed. */
  finish(status: Exclude<BuildStatus, 'unsupported'>): void {
    const { counters, database, life, steps } = this.#context;
    const { build } = this.#step;
    this.#try.outcome = status === 'aborted' ? 'transient' : status;
    this.#charge();
    const stepTime = Math.floor(life.now) - Math.floor(this.#openedAt);
    const buildTime = Math.floor(this.#builtUntil) - Math.floor(this.#builtFrom);
    for (const totals of [counters, this.#machine.history]) {
      totals.stepsDone += 1;
      totals.totalStepTime += stepTime;
      totals.totalStepBuildTime += buildTime;
    }
    if (database.finish(build, status, life.now)) counters.buildsDone += 1;
    steps.delete(build);
    this.#close();
  }

  /** The time goes against the jobset's share. */
  #charge(): void {
    const { database, jobsets, life } = this.#context;
    const { jobset } = this.#step.build;
    const recorded = { start: Math.floor(this.#builtFrom), stop: Math.floor(this.#builtUntil) };
    database.recordStep(jobset, recorded);
    jobsets.load(jobset, life.now).add(recorded);
  }

  #close(): void {
    this.releaseMachineSlot();
    this.#context.threads.delete(this.#step);
  }
}
