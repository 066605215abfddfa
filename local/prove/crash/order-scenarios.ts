/** Ticks, and the requests themselves, in which an order of a person takes effect or ends. */
import type { FaultyStage } from '../simulate/faulty-stage.ts';
import { plainFarm, scenario } from './scenario.ts';
import type { Happening, Scenario } from './scenario.ts';

const HOUR = 3600;
const LONG = [{ at: 240, count: 4, seconds: 2400 }];
const HOURLY = plainFarm({ billing: 'hourly' });
const TAKEN_BACK = { byItself: false };

const at = (seconds: number, happen: (stage: FaultyStage) => void): Happening => ({ at: seconds, happen });

const about = (seconds: number, order: (stage: FaultyStage, instanceId: string) => void): Happening =>
  at(seconds, (stage) => {
    const first = stage.world.region.instances.all.find(({ state }) => state === 'running');
    if (first !== undefined) order(stage, first.instanceId);
  });

export const orderScenarios: readonly Scenario[] = [
  scenario('a machine is ordered to drain', 850, {
    farm: HOURLY,
    builds: LONG,
    happenings: [
      about(860, ({ person }, id) => {
        person.drain(id);
      }),
    ],
  }),
  scenario('a machine that is ordered to drain has finished its steps', 3000, {
    farm: HOURLY,
    builds: LONG,
    happenings: [
      about(860, ({ person }, id) => {
        person.drain(id);
      }),
    ],
  }),
  scenario('an order to drain is taken back while the machine drains', 1480, {
    farm: HOURLY,
    builds: LONG,
    happenings: [
      about(860, ({ person }, id) => {
        person.drain(id, { seconds: 600, ...TAKEN_BACK });
      }),
    ],
  }),
  scenario('a protected machine is not needed', 3300, {
    builds: [{ at: 240, count: 4, seconds: 1290 }],
    happenings: [
      about(860, ({ person }, id) => {
        person.protect(id, { seconds: 1.5 * HOUR, byItself: true });
      }),
    ],
  }),
  scenario('a type is paused while machines boot', 600, {
    happenings: [
      at(0, ({ world }) => {
        world.region.adjust({ sshSeconds: [280, 320] });
      }),
      at(400, ({ person }) => {
        person.pause('x86_64-linux', { seconds: 1800, ...TAKEN_BACK });
      }),
    ],
  }),
  scenario('everything is paused while machines drain, and resumed', 3900, {
    builds: [{ at: 240, count: 4, seconds: 1290 }],
    happenings: [
      at(3350, ({ person }) => {
        person.pause(undefined, { seconds: 600, ...TAKEN_BACK });
      }),
    ],
  }),
];
