/** What AWS does to us. */
import { fittingTypes } from '../../../world/fitting-types.ts';
import { defaultSettings } from '../../../world/region/settings.ts';
import type { CapacityPool } from '../../../world/region/capacity.ts';
import { done, isRunning, someInstance } from './disturbance.ts';
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';

const MINUTE = 60;
const HOUR = 3600;

function limited({ stage }: DisturbanceContext, selector: Partial<CapacityPool>, machines: number): Heal {
  const { capacity } = stage.world.region;
  capacity.limit(selector, machines);
  return () => {
    capacity.limit(selector, Infinity);
  };
}

/** A frozen machine keeps its connections and answers nothing. */
function freeze(context: DisturbanceContext): Heal | false {
  const { builders, deaf, region } = context.stage.world;
  const instance = someInstance(context, (one) => isRunning(one) && one.bootedAt !== undefined);
  if (instance === undefined || deaf.has(instance.instanceId)) return false;
  const { instanceId, address, bootedAt } = instance;
  builders.freeze(address);
  deaf.add(instanceId);
  return () => {
    deaf.delete(instanceId);
    const now = region.instances.find(instanceId);
    if (now?.state === 'running' && now.bootedAt === bootedAt) builders.thaw(address);
  };
}

function interrupt(context: DisturbanceContext, warningSeconds: number): Heal | false {
  const instance = someInstance(
    context,
    ({ state, market, interrupted }) => state === 'running' && market === 'spot' && !interrupted,
  );
  if (instance === undefined) return false;
  context.stage.world.region.spot.interrupt(instance.instanceId, warningSeconds);
  return done;
}

export const regionDisturbances: readonly Disturbance[] = [
  {
    name: 'ec2-throttle-storm',
    lasts: [MINUTE, 20 * MINUTE],
    begin: ({ stage }) => {
      stage.fleet.isStorm = true;
      return () => {
        stage.fleet.isStorm = false;
      };
    },
  },
  {
    name: 'capacity-zone',
    lasts: [5 * MINUTE, HOUR],
    begin: (context) => {
      const { regionName, zoneLetters } = context.stage.world.region.settings;
      return limited(context, { zone: `${regionName}${context.luck.pick(zoneLetters)}` }, 0);
    },
  },
  {
    name: 'capacity-type',
    lasts: [5 * MINUTE, HOUR],
    begin: (context) => {
      const types = context.stage.world.config.machineTypes.flatMap(fittingTypes);
      return types.length > 0 && limited(context, { instanceType: context.luck.pick(types) }, 0);
    },
  },
  { name: 'capacity-everywhere', lasts: [5 * MINUTE, HOUR], begin: (context) => limited(context, {}, 0) },
  {
    name: 'capacity-partial',
    lasts: [5 * MINUTE, HOUR],
    begin: (context) => limited(context, {}, 1 + context.luck.index(2)),
  },
  {
    name: 'launch-hidden',
    lasts: [5 * MINUTE, HOUR],
    begin: ({ stage }) => {
      stage.world.region.adjust({ hiddenSeconds: [5, 60] });
      return () => {
        stage.world.region.adjust({ hiddenSeconds: defaultSettings.hiddenSeconds });
      };
    },
  },
  {
    name: 'address-change',
    lasts: [10 * MINUTE, HOUR],
    begin: ({ stage }) => {
      stage.world.region.adjust({ newAddressProbability: 1 });
      return () => {
        stage.world.region.adjust({ newAddressProbability: 0 });
      };
    },
  },
  { name: 'spot-warning', begin: (context) => interrupt(context, 120) },
  { name: 'spot-no-warning', begin: (context) => interrupt(context, 0) },
  {
    name: 'machine-crash',
    begin: (context) => {
      const instance = someInstance(context, isRunning);
      if (instance === undefined) return false;
      context.stage.world.region.powerOff(instance.instanceId);
      return done;
    },
  },
  { name: 'machine-freeze', lasts: [MINUTE, 30 * MINUTE], begin: freeze },
];
