/** What is remembered of the farm after a round. */
import { withoutOld } from '../capacity/back-off.ts';
import type { Demand } from '../capacity/demand.ts';
import { jobsetsAfter } from '../capacity/ahead.ts';
import { durationAfter } from '../capacity/durations.ts';
import { gapsAfter } from '../capacity/gaps.ts';
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
    ...learntAfter(context, demand),
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

/** What types that work by a target wait have learnt; where the status is not believed, or tells no demand, nothing new. */
function learntAfter(
  { observation: { state, now, notice }, status, config }: Context,
  { types }: Demand,
): Pick<Farm, 'durations' | 'gaps' | 'jobsets'> {
  const { farm } = state;
  const dialled = types.filter(({ type }) => type.targetWaitSeconds !== undefined);
  const durations = dialled.flatMap(({ type, target }) => durationAfter(farm, type.key, target?.pace.learnt));
  const gaps = dialled
    .filter(({ type }) => type.billing === 'per-second')
    .flatMap(({ type: { key: type }, target }) => {
      const before = farm.gaps?.find((one) => one.type === type);
      if (status === undefined || target === undefined) return before ?? [];
      return gapsAfter(before, { type, need: target.need, now });
    });
  const { jobsets: known = [] } = farm;
  const prospects = types.flatMap((type) => type.prospects);
  const jobsets =
    notice === undefined || !config.launchAhead ? known : jobsetsAfter(known, notice, prospects);
  return {
    ...(jobsets.length === 0 ? {} : { jobsets }),
    ...(durations.length === 0 ? {} : { durations }),
    ...(gaps.length === 0 ? {} : { gaps }),
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
