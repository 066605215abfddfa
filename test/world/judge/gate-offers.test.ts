/** What the gates of builders offer to the Rust queue runner, and what its status tells of them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Offers } from '../../../local/world/judge/offers.ts';
import type { RegionInstance } from '../../../local/world/region/instance.ts';
import { RustWorld } from './rust-bench.ts';

let bench: RustWorld;
let offers: Offers;
beforeEach(() => {
  bench = new RustWorld();
  ({ offers } = bench.world);
});

const isOffered = ({ instanceId }: RegionInstance): boolean => offers.now()(bench.now(instanceId));
const isShownBusy = ({ instanceId }: RegionInstance): boolean =>
  offers.busyIn(bench.statusText)(bench.now(instanceId));

describe('a machine', () => {
  it('is offered once it has dialled in and is open, and not before', () => {
    const machine = bench.launch();
    bench.open(machine);
    expect(isOffered(machine)).toBe(false);
    bench.wait(2);
    expect(isOffered(machine)).toBe(true);
    bench.close(machine);
    expect(isOffered(machine)).toBe(false);
  });

  it('stays offered while its builder is away for a moment: it comes back as it was', () => {
    const machine = bench.machine();
    bench.open(machine);
    bench.world.rust.machines.crash(machine.instanceId);
    bench.wait(1);
    expect(isOffered(machine)).toBe(true);
  });

  it('that was never let in is not offered, open or not', () => {
    bench.world.rust.bootingWith({ token: 'another' });
    const machine = bench.machine();
    bench.open(machine);
    expect(isOffered(machine)).toBe(false);
  });

  it('that was stopped offers nothing by what it was before', () => {
    const machine = bench.machine();
    bench.open(machine);
    bench.world.region.power.stop([machine.instanceId]);
    bench.wait(1);
    expect(isOffered(machine)).toBe(false);
    expect(offers.isNone).toBe(true);
  });
});

describe('all of them', () => {
  it('are one text, another whenever other machines are open', () => {
    const [one, two] = [bench.machine(), bench.machine()];
    expect([offers.isNone, offers.state]).toEqual([true, '']);
    bench.open(one);
    expect([offers.isNone, offers.state]).toEqual([false, one.instanceId]);
    bench.open(two);
    expect(offers.state).toBe(`${one.instanceId},${two.instanceId}`);
    bench.close(one);
    expect(offers.state).toBe(two.instanceId);
  });

  it('can be wrong in no way that a machines file can', () => {
    const machine = bench.machine();
    bench.open(machine);
    expect(offers.problems(bench.world.config)).toEqual([]);
    expect(offers.hopeAt(machine.address)).toBeUndefined();
    expect(offers.isForeign).toBe(false);
  });
});

describe('a status', () => {
  it('shows a machine as quiet only once it has said that it is closed', () => {
    const machine = bench.machine();
    expect(isShownBusy(machine)).toBe(false);
    bench.open(machine);
    bench.wait(12);
    expect(isShownBusy(machine)).toBe(true);
    bench.close(machine);
    expect(isShownBusy(machine)).toBe(true);
    bench.wait(12);
    expect(isShownBusy(machine)).toBe(false);
  });

  it('shows one as busy that is closed and still builds', () => {
    const machine = bench.busy(60);
    bench.close(machine);
    bench.wait(20);
    expect(isShownBusy(machine)).toBe(true);
    bench.wait(60);
    expect(isShownBusy(machine)).toBe(false);
  });

  it('shows one as quiet whose slots are held by steps that are over', () => {
    const machine = bench.busy(60);
    bench.close(machine);
    bench.world.rust.runner.setDatabaseReachable(false);
    bench.wait(90);
    bench.world.rust.runner.setDatabaseReachable(true);
    bench.wait(12);
    expect(bench.statusText).toContain('"currentJobs":1');
    expect(isShownBusy(machine)).toBe(false);
  });

  it('tells nothing of one that has hung up, or was not heard of for three minutes', () => {
    bench.world.rust.runner.reload({ tcpGiveUpSeconds: 964 });
    const [gone, silent] = [bench.busy(3600), bench.busy(3600)];
    bench.world.rust.machines.leave(gone.instanceId);
    bench.world.rust.machines.vanish(silent.instanceId);
    bench.wait(120);
    expect([isShownBusy(gone), isShownBusy(silent)]).toEqual([false, true]);
    bench.wait(90);
    expect(bench.statusText).toContain(silent.instanceId);
    expect(isShownBusy(silent)).toBe(false);
  });
});

describe('of use', () => {
  const harms: readonly (readonly [string, (id: string) => void])[] = [
    ['stands still', (id) => bench.world.rust.machines.freeze(id)],
    ['cannot be reached', (id) => bench.world.rust.machines.vanish(id)],
    ['has no Nix daemon', (id) => bench.world.rust.machines.daemonDies(id)],
    ['has hung up', (id) => bench.world.rust.machines.leave(id)],
  ];
  it.each(harms)('is no machine that %s', (_what, harm) => {
    const machine = bench.machine();
    expect(offers.isWell(machine)).toBe(true);
    harm(machine.instanceId);
    bench.wait(1);
    expect(offers.isWell(machine)).toBe(false);
  });
});

describe('of no use either', () => {
  it('is a machine without a slot that ever gets free', () => {
    const machine = bench.busy(60);
    bench.world.rust.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 120 });
    bench.wait(20);
    bench.world.rust.runner.setDatabaseReachable(false);
    bench.wait(45);
    expect(offers.isWell(machine)).toBe(true);
    bench.wait(90);
    bench.world.rust.runner.setDatabaseReachable(true);
    expect(offers.isWell(machine)).toBe(false);
  });
});

describe('gone', () => {
  it('is what nobody has reached for so long that it has given up its builds', () => {
    const machine = bench.machine();
    expect(offers.isGone(machine)).toBe(false);
    bench.world.rust.machines.vanish(machine.instanceId);
    bench.wait(165);
    expect(offers.isGone(machine)).toBe(false);
    bench.wait(10);
    expect(offers.isGone(machine)).toBe(true);
  });

  it('is so for a minute after it was reached again: so old may be what the function knows', () => {
    const machine = bench.machine();
    const { machines } = bench.world.rust;
    machines.vanish(machine.instanceId);
    bench.wait(300);
    machines.heal(machine.instanceId);
    bench.wait(50);
    expect(offers.isGone(machine)).toBe(true);
    bench.wait(20);
    expect(offers.isGone(machine)).toBe(false);
  });

  it('is not so after a short silence', () => {
    const machine = bench.machine();
    const { machines } = bench.world.rust;
    machines.freeze(machine.instanceId);
    bench.wait(100);
    machines.thaw(machine.instanceId);
    bench.wait(10);
    expect(offers.isGone(machine)).toBe(false);
  });
});
