/** Paid time: what has been bought already and when the next purchase happens. */
import type { Billing } from './machine.ts';
import type { EpochSeconds } from './scalars.ts';

const HOUR_SECONDS = 3600;

/**
 * Seconds of paid time left. Under hourly billing each start buys whole hours, so this is the time to the next charge,
 * in (0, 3600]; under per-second billing, or when the start is not known, it is 0.
 */
export function paidSecondsLeft(
  billing: Billing,
  startedAt: EpochSeconds | undefined,
  now: EpochSeconds,
): number {
  if (billing === 'per-second' || startedAt === undefined) return 0;
  const used = Math.max(0, now - startedAt) % HOUR_SECONDS;
  return HOUR_SECONDS - used;
}

/** The two moments near the end of a paid hour, both in seconds before it turns. */
export interface HourEnd {
  /** From here on an unneeded machine is drained: one more tick and a whole drain must fit in. */
  readonly drainSeconds: number;
  /** From here on a drained machine ends: a later tick could come too late. */
  readonly endSeconds: number;
}

/** Time for the runner to notice a withdrawal (30 s), two quiet looks 30 s apart, the looks themselves, and to spare. */
const DRAIN_SECONDS = 300;
/** EventBridge Scheduler fires within a minute; the other minute is for the tick itself. */
const LATENESS_SECONDS = 120;

/** @param periodSeconds time between scheduled ticks. */
export function hourEnd(periodSeconds: number): HourEnd {
  return { drainSeconds: periodSeconds + DRAIN_SECONDS, endSeconds: periodSeconds + LATENESS_SECONDS };
}
