/** As much of a history as there is time to play: whole days of it, put one behind the other. */
import { buildsIn } from '../../world/workload.ts';
import { DAY_SECONDS } from './history.ts';
import type { Span } from './history.ts';

export interface SliceLimits {
  readonly steps: number;
  readonly days: number;
}

const WEEK_DAYS = 7;

/**
 * Every so many days' arrivals, so that about `limits` are left: all of them where they are no more than that. A single
 * day is never cut.
 */
export function sliceOf({ workload, days }: Span, limits: SliceLimits): Span {
  const pace = paceFor(Math.max(buildsIn(workload) / limits.steps, days / limits.days));
  if (pace === 1) return { workload, days };
  const kept = Array.from({ length: Math.ceil(days) }, (_, day) => day).filter((day) => day % pace === 0);
  return {
    workload: workload.flatMap((arrival) => {
      const day = Math.floor(arrival.atSeconds / DAY_SECONDS);
      const saved = (day - day / pace) * DAY_SECONDS;
      return day % pace === 0 ? [{ ...arrival, atSeconds: arrival.atSeconds - saved }] : [];
    }),
    days: kept.reduce((sum, day) => sum + Math.min(1, days - day), 0),
  };
}

/** A day a week would always be the same one of it. */
function paceFor(times: number): number {
  const pace = Math.max(1, Math.ceil(times));
  return pace % WEEK_DAYS === 0 ? pace + 1 : pace;
}
