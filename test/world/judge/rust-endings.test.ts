/** The rules at the moment a builder of the Rust queue runner is made to end, and whose fault a lost step is. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import { RustWorld } from './rust-bench.ts';

let bench: RustWorld;
beforeEach(() => {
  bench = new RustWorld();
  bench.told();
});

const retried = (): number => bench.world.judge.builds.retriedByUs;

describe('to end a machine', () => {
  it('that was closed, and quiet in two looks half a minute apart, is right', async () => {
    const machine = bench.busy(30);
    bench.wait(30);
    bench.close(machine);
    bench.wait(12);
    bench.told(30);
    await bench.end(machine);
    bench.wait(60);
    expect(bench.violations).toEqual([]);
    expect(bench.world.ledger.lost).toEqual([]);
  });

  it('that is open breaks rule 1, idle as it may be', async () => {
    const machine = bench.busy(30);
    bench.wait(30);
    bench.told(30);
    await bench.end(machine);
    expect(bench.violations).toEqual([
      expect.stringMatching(/^1: .* never known to be withdrawn and quiet$/),
    ]);
  });

  it('that is closed and not yet known to be breaks rule 1', async () => {
    const machine = bench.machine();
    bench.open(machine);
    bench.wait(12);
    bench.close(machine);
    bench.told();
    bench.wait(12);
    bench.told(20);
    await bench.end(machine);
    expect(bench.violations).toEqual([expect.stringMatching(/^1: .* for 20 s known to be withdrawn/)]);
  });

  it('that was opened meanwhile breaks rule 1, whatever was known before', async () => {
    const machine = bench.machine();
    bench.open(machine);
    bench.wait(12);
    bench.close(machine);
    bench.wait(12);
    bench.told(30);
    bench.open(machine);
    bench.close(machine);
    await bench.end(machine);
    expect(bench.violations).toEqual([expect.stringMatching(/^1: .* never known/)]);
  });

  it('at work breaks rule 2, twice: a build is lost to us', async () => {
    const machine = bench.busy(600);
    await bench.end(machine);
    bench.wait(30);
    expect(bench.violations).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^2: .* was ended with 1 steps at work on it$/),
        expect.stringMatching(/^2: build 1 .* was lost while building: we ended its machine$/),
      ]),
    );
    expect(retried()).toBe(1);
  });

  it('that was never open is right: nobody gave it anything', async () => {
    await bench.end(bench.machine());
    expect(bench.violations).toEqual([]);
  });

  it('that nobody has reached for three minutes is right, and its builds are not lost to us', async () => {
    bench.world.rust.runner.reload({ tcpGiveUpSeconds: 964 });
    const machine = bench.busy(3600);
    bench.world.rust.machines.vanish(machine.instanceId);
    bench.wait(180);
    await bench.end(machine);
    expect(bench.world.judge.builds.lost).toBe(0);
    bench.wait(900);
    expect(bench.world.judge.builds.lost).toBe(1);
    expect(bench.violations).toEqual([]);
    expect(retried()).toBe(0);
  });

  it('that AWS is taking anyway is right', async () => {
    const machine = bench.busy(600);
    const taken = bench.world.region.instances.forChange(machine.instanceId);
    if (taken !== undefined) taken.interrupted = true;
    await bench.end(machine);
    bench.wait(30);
    expect(bench.violations).toEqual([]);
    expect(retried()).toBe(0);
  });
});

describe('to end a machine that a person has opened', () => {
  /** Known to be closed and quiet until a person opens it, and given a build soon after. */
  function opened(): RegionInstance {
    const machine = bench.busy(30);
    bench.wait(30);
    bench.close(machine);
    bench.wait(12);
    bench.told(30);
    bench.world.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 600 });
    bench.openByHand(machine);
    bench.wait(20);
    expect(bench.world.ledger.at(machine.address)).toHaveLength(1);
    return machine;
  }

  it('is no fault of ours within a minute, for no look may have shown it yet', async () => {
    await bench.end(opened());
    bench.wait(30);
    expect(bench.violations).toEqual([]);
    expect([bench.world.judge.builds.lost, retried()]).toEqual([1, 0]);
  });

  it('breaks rule 2 later: the function has to look before it ends anything', async () => {
    const machine = opened();
    bench.wait(45);
    await bench.end(machine);
    bench.wait(30);
    expect(bench.violations).toContainEqual(expect.stringMatching(/^2: .* with 1 steps at work on it$/));
    expect(retried()).toBe(1);
  });

  it('breaks rule 1 at once where a look has shown it', async () => {
    const machine = opened();
    bench.told();
    await bench.end(machine);
    expect(bench.violations).toEqual([
      expect.stringMatching(/^1: .* never known to be withdrawn and quiet$/),
    ]);
  });

  it('is right once it is closed and quiet again', async () => {
    const machine = opened();
    bench.close(machine);
    bench.wait(660);
    bench.told(30);
    await bench.end(machine);
    expect(bench.violations).toEqual([]);
  });
});

describe('a step', () => {
  it('that is lost when its builder crashes is lost to that', () => {
    bench.world.rust.machines.crash(bench.busy(600).instanceId);
    bench.wait(30);
    expect(bench.world.ledger.lost).toHaveLength(1);
    expect(bench.violations).toEqual([]);
    expect(bench.world.judge.builds.lost).toBe(1);
  });

  it('that is lost to a restart of the queue runner is lost to nobody', () => {
    bench.busy(600);
    bench.world.runner.stop();
    bench.world.runner.start();
    bench.wait(30);
    expect(bench.violations).toEqual([]);
    expect(bench.world.judge.builds.lost).toBe(0);
  });

  it('that fails on a broken builder is lost, and that is not our doing', () => {
    const machine = bench.busy(5);
    bench.world.rust.machines.daemonDies(machine.instanceId);
    bench.world.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 5 });
    bench.wait(20);
    expect(bench.world.judge.builds.lost).toBe(1);
    expect(bench.violations).toEqual([]);
  });

  it('that hangs because we ended its machine while it was given work is lost to us', async () => {
    const machine = bench.machine();
    bench.open(machine);
    bench.wait(12);
    const { judge } = bench.world;
    const [build] = bench.world.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 60 });
    if (build === undefined) throw new Error('nothing was queued');
    await bench.end(machine);
    const { instanceId, address } = machine;
    judge.onStepOrphaned({ build, machine: instanceId, address });
    expect(retried()).toBe(1);
    expect(bench.violations).toContain(
      `2: build ${build.id} at ${address} was lost while connecting: we ended its machine`,
    );
  });
});
