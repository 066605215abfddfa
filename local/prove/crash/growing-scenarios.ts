/** Ticks that bring machines: launches, boots, listings, starts. */
import type { RegionSettings } from '../../world/region/settings.ts';
import type { Fault } from '../../world/region/faults.ts';
import { farmWith, plainFarm, scenario } from './scenario.ts';
import type { Happening, Scenario } from './scenario.ts';

const adjust = (at: number, settings: Partial<RegionSettings>): Happening => ({
  at,
  happen: ({ world }) => {
    world.region.adjust(settings);
  },
});

const fault = (at: number, action: string, what: Fault): Happening => ({
  at,
  happen: ({ world }) => {
    world.region.faults.next(action, what);
  },
});

const TWO_TYPES = farmWith({ 'x86_64-linux': {}, 'aarch64-linux': { instanceTypes: ['c7g.2xlarge'] } });
const STOPPING = plainFarm({ stopOnIdle: true });

export const growingScenarios: readonly Scenario[] = [
  scenario('the very first tick, before there is anything', 0, { builds: [] }),
  scenario('the first builds arrive', 300),
  scenario('builds for two types arrive', 300, {
    farm: TWO_TYPES,
    builds: [
      { at: 240, count: 4, seconds: 900 },
      { at: 250, count: 3, seconds: 900, system: 'aarch64-linux' },
    ],
  }),
  scenario('more builds than the caps allow machines for', 300, {
    builds: [{ at: 240, count: 30, seconds: 600 }],
  }),
  scenario('a floor is to be kept up', 0, { farm: plainFarm({ minMachines: 2 }), builds: [] }),
  scenario('machines boot and are listed', 600, {
    happenings: [adjust(0, { sshSeconds: [280, 320] })],
  }),
  scenario('machines take longer than a tick to boot', 600, {
    happenings: [adjust(0, { sshSeconds: [400, 500] })],
  }),
  scenario('new machines are invisible for a minute', 300, {
    happenings: [adjust(0, { hiddenSeconds: [50, 60] })],
  }),
  scenario('the answer of a launch is lost', 300, {
    happenings: [fault(240, 'CreateFleet', { kind: 'lost-reply' })],
  }),
  scenario('a launch never arrives', 300, {
    happenings: [fault(240, 'CreateFleet', { kind: 'lost-request' })],
  }),
  scenario('a launch is refused for want of capacity', 300, {
    happenings: [fault(240, 'CreateFleet', { kind: 'error', code: 'InsufficientInstanceCapacity' })],
  }),
  scenario('a launch brings fewer machines than asked for', 300, {
    builds: [{ at: 240, count: 8, seconds: 900 }],
    happenings: [
      {
        at: 0,
        happen: ({ world }) => {
          world.region.capacity.limit({}, 1);
        },
      },
      {
        at: 900,
        happen: ({ world }) => {
          world.region.capacity.limit({}, Infinity);
        },
      },
    ],
  }),
  scenario('a stopped machine is started again', 4200, {
    farm: STOPPING,
    builds: [
      { at: 240, count: 2, seconds: 600 },
      { at: 4100, count: 2, seconds: 600 },
    ],
  }),
  scenario('a stopped machine comes back at another address', 4200, {
    farm: STOPPING,
    builds: [
      { at: 240, count: 2, seconds: 600 },
      { at: 4100, count: 2, seconds: 600 },
    ],
    happenings: [adjust(0, { newAddressProbability: 1 })],
  }),
  scenario('a machine that never boots is given up', 1200, {
    happenings: [adjust(0, { bootFailureProbability: 1 }), adjust(900, { bootFailureProbability: 0 })],
  }),
  scenario('a machine whose Nix store never answers is given up', 1200, {
    happenings: [
      {
        at: 275,
        happen: ({ world }) => {
          for (const { instanceId, address } of world.region.instances.all) {
            world.deaf.add(instanceId);
            world.builders.kill(address);
          }
        },
      },
    ],
  }),
  scenario('a person scales out by hand', 600, {
    builds: [],
    happenings: [
      {
        at: 500,
        happen: (stage) => {
          stage.floors.push({ type: 'x86_64-linux', count: 2, until: stage.world.timeline.now + 1800 });
          void stage.lambda.invoke({ scaleOut: { type: 'x86_64-linux', count: 2, minutes: 30 } });
        },
      },
    ],
  }),
];
