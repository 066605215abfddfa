/** Whether another round before the next tick could change anything. */
import { hourEnd } from '../model/billing.ts';
import type { Launch } from '../model/index.ts';
import type { Dispatcher } from './dispatcher.ts';
import { isDrained } from '../life/drain.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import { paidLeft } from '../capacity/scale-in.ts';

export function isSettled(
  context: Context,
  machines: readonly Planned[],
  launches: readonly Launch[],
  dispatcher: Dispatcher,
): boolean {
  const { queue } = context.observation;
  const runnerComesUp = !queue.trusted && queue.cause === 'restarted';
  const { stalledSince, lastNudgedAt } = dispatcher.farm;
  const stallUndecided = stalledSince !== undefined && (lastNudgedAt ?? 0) < stalledSince;
  const moving = machines.some((planned) => willMoveSoon(context, planned));
  const isLoading = (queue.buildsQueued ?? 0) > (context.observation.state.farm.buildsQueued ?? Infinity);
  return launches.length === 0 && !moving && !runnerComesUp && !stallUndecided && !isLoading;
}

/** Whether a machine that somebody sent away only waits for looks at the host: whoever did so waits as well. */
export function isAwaited(context: Context, planned: Planned): boolean {
  const { order, machine, seen } = planned;
  if (order?.kind !== 'drain' || machine.phase !== 'draining' || context.status === undefined) return false;
  return (seen?.currentJobs ?? 0) === 0;
}

/** Whether a machine runs and only has to answer: that may be at any moment. */
export const isDue = ({ machine: { phase }, instance }: Planned): boolean =>
  phase === 'booting' && instance?.state === 'running';

function willMoveSoon(context: Context, planned: Planned): boolean {
  const { machine, action, seen, type } = planned;
  const isDoubted =
    machine.phase === 'ready' &&
    (machine.doubtedSince !== undefined || machine.unreachableSince !== undefined);
  // Without a type it never gets ready, and only its paid time keeps it.
  const isBooting = machine.phase === 'booting' && type !== undefined;
  const isGivenUp = machine.phase === 'failed' && seen !== undefined;
  if (isBooting || isDoubted || isGivenUp || action !== undefined) return true;
  if (machine.phase !== 'draining' || isDrained(context, planned)) return false;
  const waitsForLook = machine.drain?.withdrawn === undefined || machine.drain.knownWithdrawn !== undefined;
  if ((seen?.currentJobs ?? 0) === 0)
    return context.status !== undefined && (seen !== undefined || waitsForLook);
  // A busy machine can take hours; it is only watched when its paid hour could turn before the next tick drains it.
  const left = paidLeft(context, planned);
  return left > 0 && left <= hourEnd(context.config.schedulePeriodSeconds).drainSeconds;
}
