/** What people do: at the console, with the function, to the configuration. Also the dead that hold leases. */
import { configOf } from '../farm.ts';
import type { WrittenFarm, WrittenType } from '../written-farm.ts';
import { done, isRunning, someInstance, unlessRefused } from './disturbance.ts';
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';

const MINUTE = 60;
const HOUR = 3600;
const LEASE_SECONDS = 150;

function reconfigured({ stage, written }: DisturbanceContext, changed: WrittenFarm): Heal | false {
  const { world } = stage;
  const usual = configOf(written);
  if (world.config.machineTypes.length === 0 || !isUsual(world.config, usual)) return false;
  world.configure(configOf(changed));
  return () => {
    world.configure(usual);
  };
}

const isUsual = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A grace period, or where the type works by a target wait a longer or shorter one of those. */
const patience = (type: WrittenType, seconds: number): WrittenType =>
  'targetWait' in type ? { targetWait: 60 + 2 * seconds } : { gracePeriod: seconds };

function otherNumbers({ luck, written }: DisturbanceContext): WrittenFarm {
  const systemTypes = Object.entries(written.systemTypes).map(([key, type]): [string, WrittenType] => [
    key,
    {
      ...type,
      maxMachines: 1 + luck.index(8),
      minMachines: luck.chance(0.2) ? 1 : 0,
      ...patience(type, luck.pick([0, 600])),
      maxJobs: 1 + luck.index(4),
    },
  ]);
  return {
    ...written,
    maxTotalMachines: luck.pick([4, 8, 12, 20]),
    systemTypes: Object.fromEntries(systemTypes),
  };
}

/** The last type leaves, or is called otherwise; the first one always stays. */
function withoutLastType(written: WrittenFarm, rename: (key: string) => string | undefined): WrittenFarm {
  const entries = Object.entries(written.systemTypes);
  const kept = entries.flatMap(([key, type], index): [string, WrittenType][] => {
    if (index === 0 || index < entries.length - 1) return [[key, type]];
    const name = rename(key);
    return name === undefined ? [] : [[name, type]];
  });
  return { ...written, systemTypes: Object.fromEntries(kept) };
}

function scaleOut({ stage, luck }: DisturbanceContext): Heal {
  const { config, timeline } = stage.world;
  const type = luck.pick(config.machineTypes).key;
  const [count, minutes] = [1 + luck.index(4), 10 + luck.index(50)];
  const until = timeline.now + minutes * MINUTE + Math.abs(stage.skews.function);
  stage.floors.push({ type, count, until });
  void stage.lambda.invoke({ scaleOut: { type, count, minutes } });
  return done;
}

function stop(context: DisturbanceContext): Heal | false {
  const { region } = context.stage.world;
  const instance = someInstance(context, (one) => isRunning(one) && one.market === 'on-demand');
  if (instance === undefined) return false;
  const { instanceId } = instance;
  unlessRefused(() => region.power.stop([instanceId]));
  const isStartedAgain = context.luck.chance(0.5);
  return () => {
    const isStopped = region.instances.find(instanceId)?.state === 'stopped';
    if (isStartedAgain && isStopped) unlessRefused(() => region.power.start([instanceId]));
  };
}

export const peopleDisturbances: readonly Disturbance[] = [
  {
    name: 'lease-stale',
    begin: ({ stage, luck }) => {
      const holder = `ghost-${luck.index(1_000_000)}`;
      void stage.memory.acquire(holder, stage.world.timeline.now, LEASE_SECONDS);
      return done;
    },
  },
  {
    name: 'config-changed',
    lasts: [10 * MINUTE, HOUR],
    begin: (context) => reconfigured(context, otherNumbers(context)),
  },
  {
    name: 'type-removed',
    lasts: [10 * MINUTE, HOUR],
    begin: (context) =>
      reconfigured(
        context,
        withoutLastType(context.written, () => undefined),
      ),
  },
  {
    name: 'type-renamed',
    lasts: [10 * MINUTE, HOUR],
    begin: (context) =>
      reconfigured(
        context,
        withoutLastType(context.written, (key) => (key.includes(':') ? `${key},renamed` : `${key}:renamed`)),
      ),
  },
  { name: 'operator-scales-out', begin: scaleOut },
  {
    name: 'operator-scales-in',
    begin: ({ stage, luck }) => {
      void stage.lambda.invoke({ scaleIn: { type: luck.pick(stage.world.config.machineTypes).key } });
      return done;
    },
  },
  {
    name: 'operator-asks',
    begin: ({ stage, luck }) => {
      void stage.lambda.invoke(luck.pick([{ status: true }, { tick: true }, { nonsense: '$(PWNED)' }, null]));
      return done;
    },
  },
  {
    name: 'operator-terminates',
    begin: (context) => {
      const instance = someInstance(context, ({ state }) => state === 'running' || state === 'stopped');
      if (instance === undefined) return false;
      unlessRefused(() => context.stage.world.region.power.terminate([instance.instanceId]));
      return done;
    },
  },
  { name: 'operator-stops', lasts: [2 * MINUTE, 20 * MINUTE], begin: stop },
];
