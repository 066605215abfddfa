import type { GlibcRandom } from './glibc-random.ts';
import type { MachineHistory } from './machines.ts';

/** The fifth failed try of a step is its last. */
export const MAX_TRIES = 5;

const FIRST_DELAY_SECONDS = 60;
const GROWTH = 3;
const MOST_COUNTED_FAILURES = 4;
/** Failures sooner than this after the last one are put down to the same cause. */
const SAME_CAUSE_SECONDS = 30;

const delaySeconds = (failures: number): number => FIRST_DELAY_SECONDS * GROWTH ** (failures - 1);

/** How long a step waits after its `tries`-th failure: 60, 180, 540, 1620 s and up to 9 more. */
export const retryDelaySeconds = (tries: number, draws: GlibcRandom): number =>
  delaySeconds(tries) + (draws.next() % 10);

/** Disables a machine that failed at `now` (epoch seconds): for 60, 180, 540, 1620 s and up to 29 more. */
export const disableAfterFailure = (history: MachineHistory, now: number, draws: GlibcRandom): void => {
  if (history.consecutiveFailures > 0 && history.lastFailure >= now - SAME_CAUSE_SECONDS) return;
  history.consecutiveFailures = Math.min(history.consecutiveFailures + 1, MOST_COUNTED_FAILURES);
  history.lastFailure = now;
  history.disabledUntil = now + delaySeconds(history.consecutiveFailures) + (draws.next() % 30);
};
