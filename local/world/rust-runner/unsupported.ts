import type { RustContext } from './context.ts';
import type { RustStep } from './machine.ts';

/**
 * Fails what no machine that has joined, closed ones included, could have built for too long. That wakes the dispatcher,
 * which only then says how many are left
 * (measured: docs/develop/facts.md#what-no-builder-supports-fails-at-a-dispatch).
 */
export const abortUnsupported = (context: RustContext): void => {
  const { counters, database, life, machines, settings, steps } = context;
  let unsupported = 0;
  const overdue: RustStep[] = [];
  for (const [kind, known] of steps.kinds()) {
    if (machines.support(kind.system, kind.features)) {
      known.lastSupportedAt = life.now;
      continue;
    }
    unsupported += known.steps.size;
    for (const step of known.steps) {
      const since = Math.max(step.runnableAt, known.lastSupportedAt);
      // What runs on a machine that is gone is aborted as well, but its row stays.
      if (life.now - since >= settings.maxUnsupportedTimeSeconds) overdue.push(step);
    }
  }
  counters.unsupportedSteps = unsupported;
  // What the database cannot take in now is found overdue again.
  if (!database.reachable || overdue.length === 0) return;
  for (const step of overdue) abort(context, step);
  context.wakeDispatcher();
};

function abort({ counters, database, life, queues, steps }: RustContext, step: RustStep): void {
  queues.of(step).remove(step);
  steps.delete(step);
  counters.unsupportedStepsAborted += 1;
  if (step.build.status !== undefined) return;
  step.build.tries.push({ machine: '', outcome: 'unsupported' });
  if (database.finish(step.build, 'unsupported', life.now)) counters.buildsDone += 1;
}
