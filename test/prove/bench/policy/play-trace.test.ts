import { describe, expect, it } from 'vitest';
import { playTrace } from '../../../../local/prove/bench/policy/play-trace.ts';
import { clockOf, farmFor, settingsOf } from '../../../../local/prove/bench/policy/settings.ts';
import type { Setting, Written } from '../../../../local/prove/bench/policy/settings.ts';
import type { Billing } from '../../../../lambdas/core/model/index.ts';
import type { Arrival } from '../../../../local/world/workload.ts';

const steps = (system: string, count: number, features: readonly string[] = []): Arrival => ({
  ...{ atSeconds: 0, system, features },
  durationsSeconds: Array.from({ length: count }, () => 600),
});

const setting = (type: Written): Setting => ({ name: '', type, clock: clockOf(300) });

function play(billing: Billing, type: Written) {
  const workload = [steps('x86_64-linux', 8)];
  const farm = farmFor(workload, setting(type), billing);
  return playTrace({ workload, farm, bootSeconds: 120, leadSeconds: 120 });
}

describe('a trace that our own code plays', () => {
  it('breaks no rule, and has the machines, waits and offers of the world', async () => {
    const played = await play('per-second', { runnablesPerMachine: 4 });
    expect(played).toMatchObject({ violations: [], peak: 2, slots: 4 });
    expect(played.machines).toHaveLength(2);
    expect(played.offeredAt).toHaveLength(2);
    expect(played.waits.map(({ work }) => work)).toEqual(Array<number>(8).fill(600));
    const [offered = 0] = played.offeredAt;
    for (const { seconds } of played.waits) {
      expect(seconds).toBeGreaterThan(offered);
      expect(seconds).toBeLessThan(offered + 35);
    }
  });
  it('is played with the settings it is given', async () => {
    expect((await play('per-second', { runnablesPerMachine: 8 })).machines).toHaveLength(1);
    const [seconds, hours] = [await play('per-second', {}), await play('hourly', {})];
    expect(Math.max(...seconds.machines.map(({ from, to }) => to - from))).toBeLessThan(2400);
    for (const { from, to } of hours.machines) {
      expect(to - from).toBeGreaterThan(2700);
      expect(to - from).toBeLessThan(3600);
    }
  });
  it('waits for a boot as long as is asked', async () => {
    const workload = [steps('x86_64-linux', 1)];
    const farm = farmFor(workload, setting({}), 'per-second');
    const [fast, slow] = [
      await playTrace({ workload, farm, bootSeconds: 45, leadSeconds: 120 }),
      await playTrace({ workload, farm, bootSeconds: 300, leadSeconds: 120 }),
    ];
    const first = ({ offeredAt }: { readonly offeredAt: readonly number[] }) => offeredAt[0] ?? NaN;
    expect(first(slow) - first(fast)).toBeGreaterThan(150);
  });
  it('tells of each machine type what it came to', async () => {
    const workload = [steps('x86_64-linux', 8), steps('i686-linux', 1), steps('aarch64-linux', 3)];
    const farm = farmFor(workload, setting({ runnablesPerMachine: 4 }), 'per-second');
    const { types, machines, waits, peak } = await playTrace({
      ...{ workload, farm, bootSeconds: 120, leadSeconds: 120 },
    });
    const told = [...types].map(([key, one]) => [key, one.machines.length, one.waits.length, one.peak]);
    expect(told).toEqual([
      ['aarch64-linux', 1, 3, 1],
      ['x86_64-linux', 3, 9, 3],
    ]);
    expect([machines.length, waits.length, peak]).toEqual([4, 12, 4]);
  });
  it('is refused for a setting that the configuration does not know', async () => {
    await expect(play('hourly', { runablesPerMachine: 4 })).rejects.toThrow(/runablesPerMachine/);
  });
});

describe('the farm of a trace', () => {
  it('has a machine type for each kind of step, and none for what x86_64 or the host does', () => {
    const workload = [
      ...[steps('x86_64-linux', 1), steps('i686-linux', 1), steps('builtin', 1)],
      ...[steps('aarch64-linux', 1), steps('x86_64-linux', 1, ['kvm', 'nixos-test'])],
    ];
    const { systemTypes } = farmFor(workload, setting({ gracePeriod: 7 }), 'hourly');
    expect(systemTypes).toEqual(
      Object.fromEntries(
        ['aarch64-linux', 'x86_64-linux', 'x86_64-linux:kvm,nixos-test'].map((key) => [
          key,
          { maxMachines: 1000, maxJobs: 4, gracePeriod: 7, billing: 'hourly' },
        ]),
      ),
    );
  });
  it('is ticked by the clock it is given', () => {
    expect(farmFor([], { ...setting({}), clock: clockOf(60) }, 'hourly')).toMatchObject({
      schedule: 'rate(1 minute)',
    });
    expect(
      settingsOf([300, 900], [clockOf(60), clockOf(300)], { maxJobs: 2 }).map(({ type }) => type),
    ).toEqual([
      { targetWait: 300, maxJobs: 2 },
      { targetWait: 900, maxJobs: 2 },
      { targetWait: 300, maxJobs: 2 },
      { targetWait: 900, maxJobs: 2 },
    ]);
  });
});
