/** Why a type has as many machines as it has, and what keeps or ends those beyond. */
import type { BackOff, EpochSeconds, Problem, Refusal } from '../../model/index.ts';
import { count } from '../../text/count.ts';
import { dollars } from '../../text/dollars.ts';
import { problemInWords } from '../problem.ts';

/** hydra-provisioner's arithmetic. */
export function demand(steps: {
  readonly runnable: number;
  readonly ignored: number;
  readonly perMachine: number;
  readonly wanted: number;
}): string {
  const ignored = steps.ignored === 0 ? '' : ` (${steps.ignored} ignored)`;
  return `${steps.runnable} runnable${ignored} at ${steps.perMachine} per machine want ${steps.wanted}`;
}
/** The sum by which a target wait counts, as far as it fits into a line. */
export function targetDemand(
  runnable: number,
  maxJobs: number,
  target: {
    readonly pace: { readonly learnt: { readonly mean: number }; readonly running: number };
    readonly withinSeconds: number;
    readonly wanted: number;
  },
): string {
  const { pace, withinSeconds, wanted } = target;
  if (runnable === 0) return `nothing waits, ${pace.running} running`;
  return (
    `${runnable} runnable and ${pace.running} running of some ${pace.learnt.mean} s each, ${maxJobs} at a time, ` +
    `within ${Math.round(withinSeconds)} s want ${wanted}`
  );
}
/** @param expected what is likely to be queued next. */
export function ahead(
  machines: number,
  expected:
    { readonly coming: number; readonly queued: number; readonly jobsets: readonly string[] } | undefined,
): string {
  const { coming = 0, queued = 0, jobsets = [] } = expected ?? {};
  const [first = '', ...others] = jobsets;
  const of = others.length === 0 ? first : `${first} and ${count(others.length, 'other')}`;
  return `the evaluation of ${of} is likely to bring ${count(coming + queued, 'build')}: ${machines} ahead`;
}
export const unknownDemand = 'the queue is not known';
export const manualFloor = (machines: number): string => `scaled out by hand to ${machines}`;
export const minimum = (machines: number): string => `minMachines ${machines}`;
export const warm = (time: {
  readonly machines: number;
  readonly cron: string;
  readonly timezone: string;
}): string => `warm ${time.machines} (${time.cron}, ${time.timezone})`;
export const capped = (machines: number): string => `capped at maxMachines ${machines}`;

/** Why a type gets fewer machines than it is allowed. */
export const atTypeCap = (max: number): string =>
  `at maxMachines ${max}, counting machines that drain, stop or boot`;
export const atTotalCap = (max: number): string =>
  `at maxTotalMachines ${max}, counting what other types lack to their floors`;
/** @param price of one more machine, in dollars an hour. */
export const atDollarCap = (max: number, price: number): string =>
  `at maxDollarsPerHour ${max}, where one more may cost ${dollars(price)} an hour, counting what other types lack to their floors`;
/** @param why nobody knows it, in words. */
export const unknownPrice = (why: string): string =>
  `cannot be held under maxDollarsPerHour: what one costs is not known: ${why}`;
export const triesOne = (failure: string): string => `tries one machine until it gets ready: ${failure}`;
export const rests = ({ until, reason }: Pick<BackOff, 'until' | 'reason'>, now: EpochSeconds): string =>
  `rests for ${Math.ceil(until - now)} s more: ${reason}`;
export const noPool = 'it has no pool to launch in';

export const startedAgain = (wanted: string): string => `started again: ${wanted}`;
export const neededAgain = 'needed again';
export const notNeeded = (type: string): string => `not needed: ${type} has enough`;
export const notNeededAtBoot = 'not needed any more before it was ready';

/** Why a machine stays that is not needed. */
const REPRIEVES = {
  unseen: 'EC2 does not show what it does now',
  unshown: 'the queue runner has to show it before it can be drained',
  paid: 'its hour is paid',
  grace: 'its grace period lasts',
  soon: 'it may be needed again soon',
  waiting: 'steps wait',
};
export type Reprieve = keyof typeof REPRIEVES;
export const notNeededBut = (reprieve: Reprieve): string => `not needed, but ${REPRIEVES[reprieve]}`;

/** Why a stopped machine is not worth its disk. */
export const startsUndone = (times: number, last: string): string =>
  `started ${times} times, and stopped again before it was ready: ${last}`;
export const typeUnconfigured = 'its type is not configured';
export const typeKeepsNone = 'stopped, and its type keeps no stopped machines';
export const excessStopped = (type: string, max: number): string =>
  `${type} has more machines than maxMachines, ${max}, and the longest stopped go first`;
export const stoppedUnneeded = (days: number): string => `stopped for ${days} days without being needed`;

/** What keeps a pool, a market or a type from being used. */
export const startRefused = (refusal: Problem): string => `could not be started: ${problemInWords(refusal)}`;
export const refusedInAllPools = (code: string, pools: number): string =>
  `${code} in all ${pools} pools that were asked`;
export const refused = (refusal: Refusal): string => `${refusal.code}: ${problemInWords(refusal)}`;
export const poolsRest = (pools: number, last: string): string =>
  `${count(pools, 'pool rests', 'pools rest')}, the last one for: ${last}`;

/** What became of a machine that came to nothing. */
const FELL = {
  'never-ready': 'never got ready',
  failing: 'failed whatever it was given',
  'stuck-pending': 'stayed pending',
  ended: 'ended by itself',
  'spot-ended': 'ended by itself',
  taken: 'is taken by AWS',
  'taken-again': 'is taken by AWS, as one before it',
};
export const fell = (instanceId: string, how: keyof typeof FELL, why: string): string =>
  `${instanceId} ${FELL[how]}: ${why}`;
