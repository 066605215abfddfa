/** What people order holds, whatever else happens; and the judge sees when it does not. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ORDER_NAMES } from '../../../local/prove/simulate/fault-kinds.ts';
import type { KillPoint } from '../../../local/prove/simulate/life.ts';
import type { Overseer } from '../../../local/prove/simulate/overseer.ts';
import { simulate } from '../../../local/prove/simulate/simulate.ts';
import { EVERYTHING } from '../../../local/world/judge/orders.ts';
import type { Given, OrderKind } from '../../../local/world/judge/orders.ts';
import { sampled } from '../../needs.ts';
import { callIn, farmAtWork, runningIn } from './farm-at-work.ts';

const TYPE = 'x86_64-linux';

describe('orders', () => {
  it.each(sampled([1, 2, 3, 4], 4))('are kept when nothing else happens (seed %i)', async (seed) => {
    const { violations, faults } = await simulate({ seed, hours: 48, faults: ORDER_NAMES });

    expect(violations).toEqual([]);
    expect(Object.keys(faults).toSorted()).toEqual(ORDER_NAMES.toSorted());
  });
});

describe('the judge', () => {
  let overseer: Overseer;
  let machine: string;

  beforeEach(async () => {
    overseer = await farmAtWork();
    machine = runningIn(overseer)[0] ?? '';
  });

  /** Somebody is told that it is recorded; the function never was. */
  const ordered = (kind: OrderKind, about: string): Given => {
    const { orders } = overseer.stage.world.judge;
    const given = orders.asked(kind, about);
    orders.recorded(given);
    return given;
  };
  const broken = (): readonly string[] =>
    overseer.stage.world.judge.violations.filter(({ rule }) => rule === 9).map(({ what }) => what);
  const terminate = (): Promise<unknown> =>
    callIn(overseer, 'TerminateInstances', { InstanceIds: [machine] }, () =>
      overseer.stage.world.region.power.terminate([machine]),
    );
  const launch = (type: string): Promise<unknown> =>
    callIn(overseer, 'CreateFleet', { type, id: 'none', count: 0 }, () => undefined);

  it('sees that a protected machine is ended', async () => {
    ordered('protect', machine);
    await overseer.stage.pass(1200);
    await terminate();

    expect(broken()).toEqual([`${machine} was ended although it is protected`]);
  });

  it('says nothing once the order may have been taken back, or to a round that cannot know it', async () => {
    ordered('protect', machine);
    await overseer.stage.pass(1200);
    overseer.stage.world.judge.orders.takingBack(machine);
    ordered('pause', EVERYTHING);
    await overseer.stage.pass(60);
    await terminate();

    expect(broken()).toEqual([]);
  });

  it('says nothing of a protected machine that does not answer', async () => {
    ordered('protect', machine);
    overseer.stage.world.deaf.add(machine);
    await overseer.stage.pass(1200);
    await terminate();

    expect(broken()).toEqual([]);
  });

  /** Of the machines file, as whoever else would. */
  const withdraw = (): void => {
    const { file, world } = overseer.stage;
    const address = world.region.instances.find(machine)?.address ?? '';
    const others = file
      .read()
      .split('\n')
      .filter((line) => !line.includes(`${address} `));
    file.replace(others.join('\n'));
  };

  it('says nothing of a protected machine that was withdrawn when it did not answer, however well it is since', async () => {
    overseer.stage.lambda.stop();
    overseer.stage.world.deaf.add(machine);
    await overseer.stage.pass(120);
    withdraw();
    await overseer.stage.pass(60);
    overseer.stage.world.deaf.delete(machine);
    ordered('protect', machine);
    await overseer.stage.pass(2400);
    await terminate();

    expect(broken()).toEqual([]);
  });

  it('sees that a protected machine leaves the machines file', async () => {
    ordered('protect', machine);
    await overseer.stage.pass(1200);
    withdraw();
    await overseer.stage.pass(60);

    expect(broken()).toEqual([`${machine} was drained although it is protected`]);
  });

  it.each([TYPE, EVERYTHING])('sees what is done while there is a pause of %s', async (about) => {
    ordered('pause', about);
    await overseer.stage.pass(1200);
    await launch(TYPE);
    await terminate();

    expect(broken()).toEqual([
      `CreateFleet although ${TYPE} is paused`,
      `TerminateInstances although ${TYPE} is paused`,
    ]);
  });

  it('does not mistake the pause of one type for that of another', async () => {
    ordered('pause', 'aarch64-linux');
    await overseer.stage.pass(1200);
    await launch(TYPE);

    expect(broken()).toEqual([]);
  });

  it('sees that a machine stays that was sent away, unless its type is paused', async () => {
    ordered('drain', machine);
    await overseer.stage.pass(1200);
    expect(broken()).toEqual([expect.stringContaining('still listed')]);

    const [, other = ''] = runningIn(overseer);
    ordered('pause', TYPE);
    ordered('drain', other);
    await overseer.stage.pass(1200);
    expect(broken()).toHaveLength(1);
  });
});

describe('a person', () => {
  const putsOrder = ({ name }: KillPoint): boolean => name === 'before store.putOrder';

  it('insists until an order is recorded, and until it is taken back', async () => {
    let kills = 3;
    const overseer = await farmAtWork((_invocation, point) => putsOrder(point) && kills-- > 0);
    const { memory, person, world } = overseer.stage;
    const kinds = async (): Promise<readonly string[]> => {
      const { orders = [] } = await memory.load(world.timeline.now);
      return orders.map(({ kind }) => kind);
    };
    person.pause(TYPE, { seconds: 900, byItself: false });
    await overseer.stage.pass(100);
    expect(await kinds()).toEqual([]);
    expect(world.judge.orders.mayHold('pause', TYPE)).toBe(true);

    await overseer.stage.pass(300);
    expect(await kinds()).toEqual(['pause']);
    expect(world.judge.orders.holds('pause', TYPE)).toBe(true);

    await overseer.stage.pass(600);
    expect(await kinds()).toEqual([]);
    expect(world.judge.orders.mayHold('pause', TYPE)).toBe(false);
  });
});
