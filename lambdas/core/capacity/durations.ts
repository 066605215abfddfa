/** What a step takes on a machine of each type, learnt from the queue runner's own counters. */
import type { Planned } from '../life/planned.ts';
import type { Duration, Farm } from '../model/index.ts';

/** Before anything is known, in seconds. */
const PRIOR_SECONDS = 600;
/** What was known before weighs as much as so many steps. */
const PRIOR_STEPS = 10;
/** Fewer steps say too little to be remembered. */
const STEPS_TO_REMEMBER = 20;
/** A target that counts in seconds is of no use with steps that take none. */
const SHORTEST_SECONDS = 1;

/** What the steps of a type take on average, in seconds, and how many say so. */
export interface Learnt {
  readonly mean: number;
  readonly steps: number;
}

/** @param machines of all types, with what the status shows of them. */
export function learntOf(farm: Farm, key: string, machines: readonly Planned[]): Learnt {
  const known = farm.durations?.find(({ type }) => type === key)?.mean ?? PRIOR_SECONDS;
  const done = machines.filter(({ machine }) => machine.type === key).map(({ seen }) => seen?.done);
  const steps = done.reduce((sum, one) => sum + (one?.steps ?? 0), 0);
  const seconds = done.reduce((sum, one) => sum + (one?.seconds ?? 0), 0);
  const mean = (seconds + PRIOR_STEPS * known) / (steps + PRIOR_STEPS);
  return { mean: Math.max(SHORTEST_SECONDS, Math.round(mean)), steps };
}

/** The mean as it is to be remembered: of a type whose machines have done little, the one from before. */
export function durationAfter(
  { durations = [] }: Farm,
  type: string,
  learnt: Learnt | undefined,
): readonly Duration[] {
  if (learnt !== undefined && learnt.steps >= STEPS_TO_REMEMBER) return [{ type, mean: learnt.mean }];
  return durations.filter((one) => one.type === type);
}
