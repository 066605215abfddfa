/** What one observation tells of the farm as a whole. */
import type { Observation } from '../../../lambdas/core/model/index.ts';
import { moneyOf } from '../../../lambdas/core/plan/money.ts';
import { tally } from '../../../lambdas/core/text/count.ts';
import { useOf } from './meter.ts';
import type { PastLook } from './past.ts';

/** @param startedAt epoch seconds from which it is counted. */
export function lookAt(observation: Observation, startedAt: number): PastLook {
  const { now, state, queue } = observation;
  const requested = state.launches.reduce((sum, { count }) => sum + count, 0);
  const ready = state.machines.filter(({ phase }) => phase === 'ready' || phase === 'draining');
  const working = ready.filter((machine) => useOf(machine, observation) === 'working').length;
  const { demand } = queue;
  return {
    at: now - startedAt,
    ...(demand && {
      waiting: Object.fromEntries(
        demand.flatMap(({ key, runnable }) => (runnable > 0 ? [[key, runnable]] : [])),
      ),
      running: demand.reduce((sum, step) => sum + step.running, 0),
    }),
    machines: {
      ...(requested > 0 ? { requested } : {}),
      ...Object.fromEntries(tally(state.machines.map(({ phase }) => phase))),
    },
    ...(queue.trusted ? { working, idle: ready.length - working } : {}),
    // Why a price is not known takes a configuration; that it is not does not.
    dollarsPerHour: moneyOf(state.machines, [], state.prices).dollarsPerHour,
  };
}
