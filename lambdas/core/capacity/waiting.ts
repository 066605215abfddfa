/** For how long the queue has been ahead of the machines, by type. A clock of its own: the queue runner tells none. */
import type { Demand } from './demand.ts';
import type { EpochSeconds, Observation, Waiting } from '../model/index.ts';

/**
 * The clocks after one more look. Nothing is concluded from an unknown queue: they go on.
 * @param besideFreeSlots types whose steps have a free slot and are about to take it.
 */
export function waitingAfter(
  { queue, state, now }: Observation,
  { types }: Demand,
  besideFreeSlots: ReadonlySet<string>,
): readonly Waiting[] {
  return types.flatMap(({ type: { key }, runnable }) => {
    const before = state.farm.waiting?.find(({ type }) => type === key);
    if (queue.demand === undefined) return before ?? [];
    return runnable > 0 && !besideFreeSlots.has(key) ? (before ?? { type: key, since: now }) : [];
  });
}

/** How long the type that has waited longest has done so, in seconds; 0 when none waits. */
export const longestWait = (waiting: readonly Waiting[], now: EpochSeconds): number =>
  Math.max(0, ...waiting.map(({ since }) => now - since));
