/** What makes a status of either queue runner one that nothing may be concluded from. */
import type { Problem, UntrustedStatus } from '../core/model/index.ts';

/**
 * A status further than this from the host's clock is old: a runner answers within 5 s or not at all
 * (measured: docs/develop/facts.md#a-status-takes-five-seconds-at-most).
 */
export const MAX_AGE_SECONDS = 120;
/**
 * Machines and counts fill up over a runner's first half minute
 * (measured: docs/develop/facts.md#the-first-status-after-a-start-is-empty).
 */
export const MIN_UPTIME_SECONDS = 60;

/** A status nothing may be concluded from, for this reason. */
export const untrusted = (cause: UntrustedStatus['cause'], { says, remedy }: Problem): UntrustedStatus => ({
  trusted: false,
  cause,
  says,
  ...(remedy !== undefined && { remedy }),
});
