/** What happens to the builders of a Rust queue runner, and to what they dial in to. */
import type { RegionInstance } from '../../../world/region/instance.ts';
import type { RustHydra } from '../../../world/rust-runner/rust-hydra.ts';
import { cutOff, isStillUp, reboot } from '../../mishaps/rust-builders.ts';
import { done, isRunning, someInstance, unlessRefused } from './disturbance.ts';
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';

const MINUTE = 60;
const HOUR = 3600;
const SLOW_DISPATCH_SECONDS = 120;
const OTHERS_TOKEN = 'the token of another farm';
const OTHER_VERSION = '0.2.0-00000000';

interface Builder extends DisturbanceContext {
  readonly instance: RegionInstance;
  readonly hydra: RustHydra;
}

/** Something that befalls one machine that is up. */
const onBuilder =
  (begin: (builder: Builder) => Heal | false) =>
  (context: DisturbanceContext): Heal | false => {
    const { world } = context.stage;
    const isUp = (one: RegionInstance): boolean => isRunning(one) && one.bootedAt !== undefined;
    const instance = someInstance(context, (one) => isUp(one) && !world.deaf.has(one.instanceId));
    if (instance === undefined) return false;
    return begin({ ...context, instance, hydra: world.rust });
  };

const isSame = ({ stage, instance }: Builder): boolean => isStillUp(stage.world, instance);

function rebootUnlessRefused({ stage, instance }: Builder): Heal {
  unlessRefused(() => {
    reboot(stage.world, instance);
  });
  return done;
}

function moveGate({ stage, instance, hydra }: Builder): Heal {
  const { instanceId } = instance;
  if (hydra.machines.isClosed(instanceId) === true) hydra.machines.open(instanceId);
  else hydra.machines.close(instanceId);
  stage.world.judge.lookAtOffers(false);
  return done;
}

function loseAgent({ stage, instance }: Builder): Heal | false {
  const { nodes } = stage.world.region.ssm;
  const { instanceId } = instance;
  if (nodes.find(instanceId) === undefined) return false;
  nodes.setAgent(instanceId, 'lost');
  return () => {
    if (nodes.find(instanceId) !== undefined) nodes.setAgent(instanceId, 'online');
  };
}

/** The daemon of a machine that was rebooted meanwhile is another one. */
function killDaemon(builder: Builder): Heal {
  const { instance, hydra } = builder;
  hydra.machines.daemonDies(instance.instanceId);
  return () => {
    if (isSame(builder)) hydra.machines.daemonReturns(instance.instanceId);
  };
}

function standStill(builder: Builder): Heal {
  const { instance, hydra } = builder;
  hydra.machines.freeze(instance.instanceId);
  return () => {
    if (isSame(builder)) hydra.machines.thaw(instance.instanceId);
  };
}

export const rustDisturbances: readonly Disturbance[] = [
  {
    name: 'builder-restarts',
    begin: onBuilder(({ hydra, instance }) => {
      hydra.machines.restart(instance.instanceId);
      return done;
    }),
  },
  {
    name: 'builder-crashes',
    begin: onBuilder(({ hydra, instance }) => {
      hydra.machines.crash(instance.instanceId);
      return done;
    }),
  },
  { name: 'builder-stands-still', lasts: [10, 20 * MINUTE], begin: onBuilder(standStill) },
  {
    name: 'builder-cut-off',
    lasts: [20, 30 * MINUTE],
    begin: onBuilder(({ stage, instance }) => cutOff(stage.world, instance)),
  },
  { name: 'daemon-dies', lasts: [MINUTE, HOUR], begin: onBuilder(killDaemon) },
  { name: 'machine-reboots', begin: onBuilder(rebootUnlessRefused) },
  { name: 'gate-by-hand', begin: onBuilder(moveGate) },
  {
    name: 'builder-other-version',
    lasts: [5 * MINUTE, HOUR],
    begin: ({ stage: { world } }) => world.rust.bootingWith({ version: OTHER_VERSION }),
  },
  {
    name: 'builder-not-let-in',
    lasts: [5 * MINUTE, HOUR],
    begin: ({ stage: { world } }) => world.rust.bootingWith({ token: OTHERS_TOKEN }),
  },
  {
    name: 'name-shared',
    lasts: [2 * MINUTE, 20 * MINUTE],
    begin: onBuilder(({ hydra, instance }) => hydra.double(instance.instanceId)),
  },
  { name: 'agent-lost', lasts: [MINUTE, HOUR], begin: onBuilder(loseAgent) },
  {
    name: 'dispatch-slow',
    lasts: [10 * MINUTE, HOUR],
    begin: ({ stage: { world } }) => {
      const { dispatchTriggerSeconds } = world.rust.runner.settings;
      world.rust.runner.reload({ dispatchTriggerSeconds: SLOW_DISPATCH_SECONDS });
      return () => {
        world.rust.runner.reload({ dispatchTriggerSeconds });
      };
    },
  },
];
