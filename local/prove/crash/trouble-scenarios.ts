/** Ticks in the middle of trouble: AWS takes machines, the queue runner fails, people interfere. */
import { FARM_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { configOf } from '../simulate/farm.ts';
import type { FaultyStage } from '../simulate/faulty-stage.ts';
import { farmWith, plainFarm, scenario } from './scenario.ts';
import type { Happening, Scenario } from './scenario.ts';

const SPOT = plainFarm({ market: 'spot' });
const TWO_TYPES = farmWith({ 'x86_64-linux': {}, 'x86_64-linux:kvm': { instanceTypes: ['c8i.4xlarge'] } });
const LONG = [{ at: 240, count: 4, seconds: 2400 }];

const at = (seconds: number, happen: (stage: FaultyStage) => void): Happening => ({ at: seconds, happen });

const firstMachine = ({ world }: FaultyStage): string =>
  world.region.instances.all.find(({ state }) => state === 'running')?.instanceId ?? '';

/** @param isOurs whether it comes from our launch template. */
const seed = (tags: Readonly<Record<string, string>>, isOurs = true): Happening =>
  at(850, ({ world }) => {
    const [template] = isOurs ? world.config.machineTypes.map(({ launchTemplate }) => launchTemplate) : [];
    world.region.seed({
      instanceType: 'c7i.2xlarge',
      imageId: 'ami-02222222222222222',
      startedAt: world.timeline.now,
      tags: { [FARM_TAG]: world.config.tag, ...tags },
      ...(template === undefined ? {} : { template }),
    });
  });

const configured = (seconds: number, farm: Scenario['farm']): Happening =>
  at(seconds, ({ world }) => {
    world.configure(configOf(farm));
  });

export const troubleScenarios: readonly Scenario[] = [
  scenario('AWS announces that it takes a spot machine', 850, {
    farm: SPOT,
    builds: LONG,
    happenings: [
      at(850, (stage) => {
        stage.world.region.spot.interrupt(firstMachine(stage));
      }),
    ],
  }),
  scenario('AWS takes a spot machine without notice', 900, {
    farm: SPOT,
    builds: LONG,
    happenings: [
      at(850, (stage) => {
        stage.world.region.spot.interrupt(firstMachine(stage), 0);
      }),
    ],
  }),
  scenario('a person terminates a machine', 850, {
    builds: LONG,
    happenings: [
      at(850, (stage) => {
        stage.world.region.power.terminate([firstMachine(stage)]);
      }),
    ],
  }),
  scenario('a person stops a machine', 850, {
    builds: LONG,
    happenings: [
      at(850, (stage) => {
        stage.world.region.power.stop([firstMachine(stage)]);
      }),
    ],
  }),
  scenario('a person starts a machine of a type by hand', 900, {
    builds: [],
    happenings: [seed({ [TYPE_TAG]: 'x86_64-linux' })],
  }),
  scenario('a person starts a machine without a type by hand', 900, { builds: [], happenings: [seed({})] }),
  scenario('somebody puts our tags on an instance', 900, {
    builds: LONG,
    happenings: [seed({ [TYPE_TAG]: 'x86_64-linux' }, false)],
  }),
  scenario('the caps are lowered below the machines there are', 900, {
    builds: LONG,
    happenings: [configured(850, plainFarm({ maxMachines: 1 }))],
  }),
  scenario('a type with machines leaves the configuration', 900, {
    farm: TWO_TYPES,
    builds: [{ at: 240, count: 2, seconds: 2400, features: ['kvm'] }],
    happenings: [configured(850, plainFarm())],
  }),
  scenario('a type with machines gets another name', 900, {
    farm: TWO_TYPES,
    builds: [{ at: 240, count: 2, seconds: 2400, features: ['kvm'] }],
    happenings: [
      configured(
        850,
        farmWith({ 'x86_64-linux': {}, 'x86_64-linux:kvm,more': { instanceTypes: ['c8i.4xlarge'] } }),
      ),
    ],
  }),
  scenario('the queue runner is down while machines are idle', 3000, {
    builds: [{ at: 240, count: 4, seconds: 1200 }],
    happenings: [
      at(2900, ({ world }) => {
        world.runner.stop();
      }),
      at(3500, ({ world }) => {
        world.runner.start();
      }),
    ],
  }),
  scenario('the queue runner restarts while machines drain', 3300, {
    builds: [{ at: 240, count: 4, seconds: 1290 }],
    happenings: [
      at(3330, ({ world }) => {
        world.runner.stop();
      }),
      at(3335, ({ world }) => {
        world.runner.start();
      }),
    ],
  }),
  scenario('the queue runner comes back while builds wait', 1800, {
    builds: [...LONG, { at: 700, count: 6, seconds: 600 }],
    happenings: [
      at(600, ({ world }) => {
        world.runner.hang();
      }),
      at(1800, ({ world }) => {
        world.runner.resume();
      }),
    ],
  }),
  scenario('the dispatcher stalls after a failed build', 1200, {
    farm: plainFarm({ maxMachines: 1, maxJobs: 1 }),
    builds: [{ at: 240, count: 4, seconds: 500, failing: 2 }],
  }),
  scenario('the Hydra host is reachable again', 1500, {
    builds: [...LONG, { at: 700, count: 4, seconds: 600 }],
    happenings: [
      at(800, ({ host }) => {
        host.isUp = false;
      }),
      at(1500, ({ host }) => {
        host.isUp = true;
      }),
    ],
  }),
  scenario('the Hydra host’s disk is full while a machine is to be listed', 300, {
    happenings: [
      at(290, ({ host }) => {
        host.isDiskFull = true;
      }),
      at(1100, ({ host }) => {
        host.isDiskFull = false;
      }),
    ],
  }),
  scenario('a person has removed the machines file', 900, {
    builds: LONG,
    happenings: [
      at(850, ({ file, world }) => {
        file.remove();
        world.judge.lookAtOffers(false);
      }),
    ],
  }),
  scenario('a machine stands still', 900, {
    builds: LONG,
    happenings: [
      at(850, (stage) => {
        const { world } = stage;
        const instance = world.region.instances.find(firstMachine(stage));
        if (instance === undefined) return;
        world.builders.freeze(instance.address);
        world.deaf.add(instance.instanceId);
      }),
      at(2400, ({ world }) => {
        for (const id of world.deaf) {
          const instance = world.region.instances.find(id);
          if (instance?.state === 'running') world.builders.thaw(instance.address);
        }
        world.deaf.clear();
      }),
    ],
  }),
  scenario('two ticks begin at once', 900, {
    builds: [...LONG, { at: 850, count: 4, seconds: 600 }],
    happenings: [
      at(900, ({ lambda }) => {
        void lambda.invoke({ tick: true });
      }),
    ],
  }),
  scenario('somebody who died holds the lease', 900, {
    builds: [...LONG, { at: 850, count: 4, seconds: 600 }],
    happenings: [
      at(890, ({ memory, world }) => {
        void memory.acquire('ghost', world.timeline.now, 150);
      }),
    ],
  }),
];
