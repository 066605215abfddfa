/** What AWS has been seen to do to other autoscalers: it accepts and undoes, shows too little, refuses on the side. */
import { fittingTypes } from '../../../world/fitting-types.ts';
import { stateReason } from '../../../world/region/mishaps.ts';
import type { Region } from '../../../world/region/region.ts';
import { stripTags } from '../../../world/region/tags.ts';
import { done, isRunning, someInstance } from './disturbance.ts';
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';

const MINUTE = 60;
const HOUR = 3600;
const OUR_TAGS = 'hydra-autoscaler:';
const REASONS = ['Client.InvalidKMSKey.InvalidState', 'Client.InternalError', 'Server.InternalError'];
/** Calls beside those a tick stands on. */
const SIDE_CALLS = ['DescribeSpotInstanceRequests', 'GetConsoleOutput', 'DescribeInstanceInformation'];
const SHORTFALLS = ['empty', 'half', 'without-newest'] as const;

/** Something of the region that lasts for a while. */
const lasting = (
  name: Disturbance['name'],
  lasts: readonly [low: number, high: number],
  begin: (region: Region, context: DisturbanceContext) => () => unknown,
): Disturbance => ({
  name,
  lasts,
  begin: (context) => {
    const end = begin(context.stage.world.region, context);
    return () => {
      end();
    };
  },
});

/** One instance loses its tags, and no look by tag sees it again. */
function takeTagsOff(context: DisturbanceContext): Heal | false {
  const found = someInstance(context, isRunning);
  const instance = found && context.stage.world.region.instances.forChange(found.instanceId);
  if (instance === undefined) return false;
  stripTags(instance, OUR_TAGS);
  return done;
}

function kindOfMachine({ stage, luck }: DisturbanceContext): { readonly instanceType: string } {
  const types = stage.world.config.machineTypes.flatMap(fittingTypes);
  return { instanceType: luck.pick(types) };
}

export const awsDisturbances: readonly Disturbance[] = [
  lasting('launch-dies', [5 * MINUTE, 40 * MINUTE], (region, { luck }) =>
    region.mishaps.add({
      kind: 'ends',
      when: luck.pick(['pending', 20, 200] as const),
      reason: stateReason(luck.pick(REASONS)),
      share: 0.7,
    }),
  ),
  lasting('spot-pool-bad', [10 * MINUTE, HOUR], (region, context) =>
    region.mishaps.add({
      kind: 'spot-taken',
      when: context.luck.pick([15, 180]),
      warningSeconds: context.luck.pick([0, 120]),
      of: kindOfMachine(context),
    }),
  ),
  lasting('start-undone', [10 * MINUTE, HOUR], (region, { luck }) =>
    region.mishaps.add({ kind: 'start-undone', reason: stateReason(luck.pick(REASONS)), share: 0.7 }),
  ),
  lasting('instances-stuck', [5 * MINUTE, 40 * MINUTE], (region, { luck }) =>
    region.delays.add({
      what: luck.pick(['pending', 'stopping', 'shutting-down'] as const),
      seconds: luck.between(10 * MINUTE, 2 * HOUR),
      share: 0.5,
    }),
  ),
  lasting('describe-partial', [20, 4 * MINUTE], (region, { luck }) =>
    luck.chance(0.5)
      ? region.listings.shorten(luck.pick(SHORTFALLS), 1 + luck.index(3))
      : region.listings.shorten(luck.pick(SHORTFALLS)),
  ),
  lasting('launch-hidden-long', [10 * MINUTE, 40 * MINUTE], (region, { luck }) =>
    region.delays.add({ what: 'hidden', seconds: luck.between(2 * MINUTE, 20 * MINUTE) }),
  ),
  { name: 'tags-removed', begin: takeTagsOff },
  lasting('terminate-denied', [5 * MINUTE, 40 * MINUTE], (region) =>
    region.refusals.add({ action: 'TerminateInstances', code: 'UnauthorizedOperation' }),
  ),
  lasting('refused-side-call', [5 * MINUTE, 40 * MINUTE], (region, { luck }) =>
    region.refusals.add({ action: luck.pick(SIDE_CALLS), code: 'UnauthorizedOperation' }),
  ),
];
