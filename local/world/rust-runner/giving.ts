import type { RustContext } from './context.ts';
import type { RustMachine, RustJob, RustStep } from './machine.ts';
import { CONNECTING } from './steps.ts';

/** What the database says no to is found out this fast. An assumption. */
const DATABASE_ERROR_SECONDS = 0.01;

/**
 * Gives one step to a machine. Yields the seconds that it takes, in which the machine may leave: if all its jobs have
 * been failed by then, the step stays in the queue; if not, it is added to a machine that nobody looks after any more
 * and hangs there until the queue runner is started again
 * (measured: docs/develop/facts.md#a-builder-that-leaves-while-it-is-given-work-leaves-a-step-hanging).
 */
export function* give(context: RustContext, step: RustStep, machine: RustMachine): Generator<number, void> {
  const { database, life, rows, steps, queues, timings } = context;
  // Of a cancelled build: only now is it noticed that nobody wants it.
  if (step.build.status !== undefined) {
    queues.of(step).remove(step);
    steps.delete(step);
    return;
  }
  if (!database.reachable) {
    yield DATABASE_ERROR_SECONDS;
    return;
  }
  const job: RustJob = {
    step,
    machine,
    try: { machine: machine.join.hostname, outcome: 'running' },
    startedAt: life.now,
    busy: CONNECTING,
  };
  step.build.tries.push(job.try);
  rows.add(job);
  yield timings.dispatchSeconds();
  if (!machine.isOpen) {
    job.try.outcome = 'lost';
    rows.delete(job);
    return;
  }
  begin(context, job);
}

function begin(context: RustContext, job: RustJob): void {
  const { counters, life, observer, queues } = context;
  const { machine, step } = job;
  const { hostname } = machine.join;
  step.job = job;
  step.build.startedAt ??= life.now;
  queues.of(step).active += 1;
  machine.begin(job, life.now);
  counters.stepsStarted += 1;
  counters.stepsBuilding += 1;
  observer.onStepStarted?.(step.build, hostname, hostname);
  if (machine.isListed) machine.tunnel.give(job);
  else observer.onStepOrphaned?.({ build: step.build, machine: hostname, address: hostname });
}
