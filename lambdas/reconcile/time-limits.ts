/** How long a tick may go on: between the schedule, which brings the next one, and Lambda, which cuts an invocation off. */

/** A scheduled tick begins no round that would end later than this before the next one, in seconds. */
const SPARE_SECONDS = 4;
/**
 * What the slowest round takes, in seconds: a look and an offer that both wait until nothing more can come of them, and calls
 * of EC2 and DynamoDB that time out. A round that begins has that long before it is cut off.
 */
const SLOWEST_ROUND_SECONDS = 120;
/** One round where everything answers slowly, and one more; a shorter limit would cut every such tick off. */
const TIMEOUT_SECONDS_MIN = 180;
/** Lambda's own limit (AWS: docs/develop/facts.md#lambda-time-limit). */
const TIMEOUT_SECONDS_MAX = 900;

/** The time limit that the function needs, in seconds. @param periodSeconds time between scheduled ticks. */
export const timeoutSeconds = (periodSeconds: number): number =>
  Math.min(Math.max(periodSeconds + SLOWEST_ROUND_SECONDS, TIMEOUT_SECONDS_MIN), TIMEOUT_SECONDS_MAX);

/**
 * For how many seconds from now on rounds may go on, counted by what a round takes as a rule: the one that takes longest
 * still ends before the function is cut off.
 * @param remainingSeconds until then.
 */
export const tickSeconds = (periodSeconds: number, remainingSeconds: number): number =>
  Math.min(periodSeconds - SPARE_SECONDS, remainingSeconds - SLOWEST_ROUND_SECONDS);
