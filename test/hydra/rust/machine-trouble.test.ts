/** What befalls machines of a Rust queue runner, and what becomes of them and of their builds. */
import { describe, expect, it } from 'vitest';
import { TYPE } from '../../operate/bench.ts';
import { RustFarm, harm, isDone, isEmpty } from './rust-farm.ts';

describe('when a machine is in trouble', () => {
  it('one that AWS is about to take is closed at once, and replaced', async () => {
    const farm = new RustFarm({
      systemTypes: { [TYPE]: { maxMachines: 2, maxJobs: 2, market: 'spot', billing: 'per-second' } },
    });
    await farm.busy(2, 1200, 2);
    const taken = await farm.firstMachine();
    farm.startFunction();
    farm.world.region.spot.interrupt(taken, 120);
    await farm.pass(60);
    expect(farm.builders.isClosed(taken)).toBe(true);
    await farm.pass(7200);
    expect(farm.world.ledger.done).toBe(2);
    expect(farm.world.judge.violations).toEqual([]);
  });

  it('one that cannot be reached any more is given up, and its builds are done elsewhere', async () => {
    const farm = new RustFarm();
    await farm.busy(2, 1200, 2);
    const gone = await farm.firstMachine();
    farm.vanish(gone);
    await farm.ticks(5);
    expect(Object.keys(await farm.machines())).not.toContain(gone);
    await farm.until(isDone(farm), 12);
    expect(farm.world.ledger.done).toBe(2);
    expect(farm.world.judge.violations).toEqual([]);
  });

  it('one that stands still is not ended while the queue runner may give it work', async () => {
    const farm = new RustFarm({
      systemTypes: { [TYPE]: { maxMachines: 1, gracePeriod: 0, minMachines: 1 } },
    });
    await farm.busy(1, 100, 2);
    const machine = await farm.firstMachine();
    farm.builders.freeze(machine);
    await farm.pass(30);
    await farm.ask({ drain: { machine } }, 150);
    expect((await farm.machines())[machine]).toBe('draining');
    expect(farm.builders.isClosed(machine)).toBe(true);
    farm.queue(1, 60);
    await farm.pass(10);
    expect(farm.world.ledger.at(farm.instance(machine).address)).toHaveLength(1);
    farm.builders.thaw(machine);
    await farm.until(isDone(farm), 5);
    expect(harm(farm)).toEqual([]);
  });

  it('one with a step that hangs in the database alone is ended all the same, some time later', async () => {
    const farm = new RustFarm({
      systemTypes: { [TYPE]: { maxMachines: 1, maxJobs: 2, gracePeriod: 0, billing: 'per-second' } },
    });
    await farm.busy(1, 2000, 2);
    const machine = await farm.firstMachine();
    farm.world.runner.setDatabaseReachable(false);
    farm.builders.restart(machine);
    await farm.pass(30);
    farm.world.runner.setDatabaseReachable(true);
    farm.world.runner.cancel([...farm.world.runner.unfinishedBuilds]);
    await farm.ticks(1);
    expect(farm.world.rust.runner.answers().busy).toEqual(new Map([[machine, 1]]));
    expect(await farm.machines()).toEqual({ [machine]: 'draining' });
    await farm.until(isEmpty(farm), 4);
    expect(farm.world.judge.violations).toEqual([]);
  });

  it('one with such a step that is paid by the hour ends before its next hour', async () => {
    const farm = new RustFarm({ systemTypes: { [TYPE]: { maxMachines: 1, maxJobs: 2, billing: 'hourly' } } });
    await farm.busy(1, 2000, 2);
    farm.world.runner.setDatabaseReachable(false);
    farm.builders.restart(await farm.firstMachine());
    await farm.pass(30);
    farm.world.runner.setDatabaseReachable(true);
    farm.world.runner.cancel([...farm.world.runner.unfinishedBuilds]);
    await farm.until(isEmpty(farm), 14);
    expect(farm.world.hours.billed).toBe(1);
  });

  it('one that AWS does not let us end, and that somebody opens, is closed and spared until its work is done', async () => {
    const farm = new RustFarm({
      systemTypes: { [TYPE]: { maxMachines: 1, gracePeriod: 0, billing: 'per-second' } },
    });
    await farm.busy(1, 100, 1);
    const machine = await farm.firstMachine();
    const allow = farm.world.region.refusals.add({
      action: 'TerminateInstances',
      code: 'UnauthorizedOperation',
    });
    await farm.until(async () => (await farm.machines())[machine] === 'terminating', 4);
    farm.builders.open(machine);
    farm.queue(1, 900);
    await farm.pass(60);
    allow();
    await farm.ticks(1);
    expect(farm.builders.isClosed(machine)).toBe(true);
    await farm.until(async () => !(machine in (await farm.machines())), 8);
    expect(farm.world.ledger.lost).toEqual([]);
  });

  it('one that fails whatever it is given is closed, and its type rests', async () => {
    const farm = new RustFarm();
    await farm.busy(4, 100, 1);
    const broken = await farm.firstMachine();
    farm.builders.daemonDies(broken);
    farm.queue(30, 60);
    await farm.ticks(2);
    expect(farm.builders.isClosed(broken) ?? true).toBe(true);
    const { farm: record } = await farm.store.load(farm.now);
    expect(record.backOffs).toMatchObject([{ type: TYPE }]);
    await farm.until(isDone(farm), 20);
    expect(farm.world.ledger.ended).toEqual({ succeeded: 34 });
  });

  it('one that has worked well and breaks is closed before the few steps there are have been given up', async () => {
    const farm = new RustFarm({ systemTypes: { [TYPE]: { maxMachines: 2, maxJobs: 2 } } });
    await farm.busy(4, 300, 2);
    const broken = await farm.firstMachine();
    await farm.until(isDone(farm), 10);
    farm.builders.daemonDies(broken);
    farm.queue(3, 60);
    await farm.until(isDone(farm), 30);
    expect(farm.world.ledger.ended).toEqual({ succeeded: 7 });
  });

  it('one whose builds fail by themselves is no worse for that', async () => {
    const farm = new RustFarm();
    await farm.pass(120);
    farm.world.runner.queue({ count: 12, system: TYPE, seconds: 30, fail: true });
    await farm.ticks(2);
    expect(farm.world.ledger.ended).toEqual({ failed: 12 });
    expect(await farm.phases()).toMatch(/^ready( ready)*$/);
    expect((await farm.store.load(farm.now)).farm.backOffs).toEqual([]);
  });

  it('one whose hydra-builder is of another version never gets ready, and says so', async () => {
    const farm = new RustFarm({}, { protocolVersion: '0.2.0-00000000' });
    await farm.busy(2, 300);
    const machine = await farm.firstMachine();
    expect(await farm.machines()).toMatchObject({ [machine]: 'booting' });
    expect(await farm.ask({ explain: { machine } })).toMatchObject({
      because: expect.arrayContaining([
        expect.stringMatching(/of another version than the queue runner/),
      ]) as unknown,
    });
    await farm.ticks(8);
    expect((await farm.store.load(farm.now)).farm.backOffs).toMatchObject([{ type: TYPE }]);
  });
});
