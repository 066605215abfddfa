/** Steps that wait beside free slots, where the queue runner’s dispatcher has not been woken. */
import { covers } from '../core/capacity/covering.ts';
import type { Sight } from '../core/life/dialect.ts';
import type { Planned } from '../core/life/planned.ts';

/** Types with a machine that may be given work, has a free slot and fits steps that wait. */
export function besideFreeSlots({ status }: Sight, machines: readonly Planned[]): ReadonlySet<string> {
  if (status === undefined) return new Set();
  const waiting = machines.flatMap(({ machine, type, seen }) => {
    if (type === undefined || machine.phase !== 'ready' || seen?.offered !== true) return [];
    if (seen.isFull === true || seen.currentJobs >= type.maxJobs) return [];
    if ((seen.disabledUntil ?? 0) > status.at) return [];
    const hasWork = status.demand.some((step) => step.runnable > 0 && covers(type, step, status.hostSystem));
    return hasWork ? [type.key] : [];
  });
  return new Set(waiting);
}
