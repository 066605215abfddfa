/** Machines live their whole life with a Rust queue runner that behaves as the real one, on good days and bad ones. */
import { describe, expect, it } from 'vitest';
import { TICK, TYPE } from '../../operate/bench.ts';
import { RustFarm, harm, isDone, isEmpty } from './rust-farm.ts';

describe('with a Rust queue runner', () => {
  it('machines dial in, are opened, build, are closed and end, and no step is lost', async () => {
    const farm = new RustFarm();
    await farm.busy(6, 400);
    expect(await farm.phases()).toBe('ready ready ready');
    const ids = Object.keys(await farm.machines());
    expect(ids.map((id) => farm.builders.isClosed(id))).toEqual([false, false, false]);
    await farm.until(isDone(farm), 3);
    await farm.until(isEmpty(farm), 4);
    expect(farm.world.ledger.done).toBe(6);
    expect(harm(farm)).toEqual([]);
    expect(farm.problems).toEqual([]);
    expect(farm.file.read()).toBe('');
  });

  it('a machine that a person sends away gets nothing more, and keeps its steps until they are done', async () => {
    const farm = new RustFarm();
    await farm.busy(2, 3000);
    const machine = await farm.firstMachine();
    await farm.ask({ drain: { machine } });
    farm.queue(1, 60);
    await farm.ticks(3);
    expect((await farm.machines())[machine]).toBe('draining');
    expect(farm.builders.isClosed(machine)).toBe(true);
    expect(farm.world.ledger.at(farm.instance(machine).address)).toHaveLength(2);
    expect(await farm.ask({ explain: { machine } })).toMatchObject({
      because: expect.arrayContaining([expect.stringContaining('2 running steps')]) as unknown,
    });
    await farm.until(isDone(farm), 10);
    await farm.until(isEmpty(farm), 4);
    expect(harm(farm)).toEqual([]);
  });

  it('a machine that drains is opened again when it is needed', async () => {
    const farm = new RustFarm({ systemTypes: { [TYPE]: { maxMachines: 1, maxJobs: 2, gracePeriod: 0 } } });
    await farm.busy(2, 300);
    const machine = await farm.firstMachine();
    for (let second = 0; second < 1200; second += 5) {
      if (second % 300 === 0) void farm.send(TICK);
      await farm.pass(5);
      if ((await farm.phases()) === 'draining' && farm.builders.isClosed(machine) === true) break;
    }
    farm.queue(2, 100);
    await farm.pass(60);
    expect(await farm.machines()).toEqual({ [machine]: 'ready' });
    expect(farm.builders.isClosed(machine)).toBe(false);
    await farm.until(isDone(farm), 3);
    expect(harm(farm)).toEqual([]);
  });
});

describe('when the queue runner is in trouble', () => {
  it('a restart in the middle of builds costs no machine', async () => {
    const farm = new RustFarm();
    await farm.busy(6, 1500, 2);
    const before = await farm.machines();
    farm.world.runner.stop();
    await farm.pass(2);
    farm.world.runner.start();
    await farm.ticks(2);
    expect(await farm.machines()).toEqual(before);
    await farm.until(isDone(farm), 12);
    expect(farm.world.ledger.done).toBe(6);
    expect(harm(farm)).toEqual([]);
  });

  it('nothing is closed or ended while it cannot ask its database, or does not answer', async () => {
    const farm = new RustFarm();
    await farm.busy(2, 300, 2);
    await farm.until(isDone(farm), 3);
    const before = await farm.machines();
    farm.world.runner.setDatabaseReachable(false);
    await farm.ticks(6);
    expect(await farm.machines()).toEqual(before);
    farm.world.runner.setDatabaseReachable(true);
    farm.world.runner.hang();
    await farm.ticks(6);
    expect(await farm.machines()).toEqual(before);
    farm.world.runner.resume();
    await farm.until(isEmpty(farm), 6);
    expect(harm(farm)).toEqual([]);
  });
});
