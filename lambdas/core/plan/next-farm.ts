/** What is remembered of the farm after a round. */
import { withoutOld } from '../capacity/back-off.ts';
import type { Demand } from '../capacity/demand.ts';
import { waitingAfter } from '../capacity/waiting.ts';
import type { Context } from '../life/context.ts';
import type { Inventory } from '../life/inventory.ts';
import { hasEverOffered } from '../life/offering.ts';
import { knownTemplates, unrecordedAfter } from '../life/origin.ts';
import { isRunnerReplaced } from '../life/runner.ts';
import type { Farm, Observation } from '../model/index.ts';
import type { Dispatcher } from './dispatcher.ts';

/** The farm's record. */
export function nextFarm(
  context: Context,
  demand: Demand,
  dispatcher: Dispatcher,
  { untouchable }: Pick<Inventory, 'untouchable'>,
): Farm {
  const { state, now, queue } = context.observation;
  const trust = queue.trusted ? { lastTrustedAt: now } : untrusted(state.farm, now);
  const backOffs = withoutOld(context.backOffs, context.config.machineTypes, now);
  const waiting = waitingAfter(context.observation, demand, dispatcher.besideFreeSlots);
  const clocks = waiting.length === 0 ? {} : { waiting };
  // What is offered to one queue runner says nothing to another.
  const { offerFailures, offeredDigest } = isRunnerReplaced(context.observation) ? {} : state.farm;
  const buildsQueued = queue.buildsQueued ?? state.farm.buildsQueued;
  const templates = knownTemplates(context.observation);
  const unrecorded = unrecordedAfter(untouchable);
  return {
    ...trust,
    ...runnerAfter(context.observation),
    ...dispatcher.farm,
    ...clocks,
    ...(offerFailures === undefined ? {} : { offerFailures }),
    ...(offeredDigest === undefined ? {} : { offeredDigest }),
    ...(buildsQueued === undefined ? {} : { buildsQueued }),
    ...(templates.length === 0 ? {} : { templates }),
    ...(unrecorded.length === 0 ? {} : { unrecorded }),
    backOffs,
    hasOffered: hasEverOffered(state.farm),
    lastTickAt: now,
  };
}

/** Which queue runner there is, and since when; as it was while none can be told. */
function runnerAfter({ runner: kind, state, now }: Observation): Pick<Farm, 'runner'> {
  const { runner } = state.farm;
  if (kind !== undefined && kind !== runner?.kind) return { runner: { kind, since: now } };
  return runner === undefined ? {} : { runner };
}

const untrusted = ({ lastTrustedAt, untrustedSince }: Farm, now: number): Partial<Farm> => ({
  ...(lastTrustedAt === undefined ? {} : { lastTrustedAt }),
  untrustedSince: untrustedSince ?? now,
});
