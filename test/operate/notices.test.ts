import { beforeEach, describe, expect, it } from 'vitest';
import { KVM, OperateBench, TICK, TYPE } from './bench.ts';

const TICKS_AN_HOUR = 12;

let bench: OperateBench;

beforeEach(async () => {
  bench = new OperateBench();
  await bench.pass(120);
  await bench.ticks(1);
});

const subjects = (): readonly string[] => bench.told.map(({ subject }) => subject);
const queue = (count: number, seconds = 3000): void => {
  bench.world.runner.queue({ count, system: 'x86_64-linux', seconds });
};

describe('people are told', () => {
  it('nothing of a farm that works', async () => {
    queue(4, 200);
    await bench.ticks(4);
    expect(bench.told).toEqual([]);
  });

  it('nothing of what an alarm says when it begins and when it ends: caps, status, machines that fail, launches', async () => {
    bench = new OperateBench({
      maxTotalMachines: 3,
      systemTypes: { [TYPE]: { maxMachines: 4, runnablesPerMachine: 2, bootTimeout: 60 } },
      deploy: { launchesPerHour: 1 },
    });
    await bench.pass(120);
    await bench.ticks(1);
    queue(100, 20_000);
    const tick = bench.send(TICK);
    await bench.pass(20);
    for (const { instanceId } of bench.world.region.instances.all) bench.world.deaf.add(instanceId);
    await bench.pass(280);
    await tick;
    await bench.ticks(3);
    bench.world.runner.stop();
    await bench.ticks(3);
    const sum = (name: string): number =>
      bench.measured.reduce((all, { metrics }) => all + (metrics[name] ?? 0), 0);
    for (const name of ['cappedMachines', 'statusUntrusted', 'givenUpMachines', 'launch'])
      expect(sum(name), name).toBeGreaterThan(1);
    expect(bench.told).toEqual([]);
  });

  it('of machines that run and run, type by type, once a day while they do', async () => {
    const types = { [TYPE]: { maxMachines: 4, instanceTypes: ['c7i.24xlarge'] }, [KVM]: { maxMachines: 1 } };
    bench = new OperateBench({ systemTypes: types, deploy: { machineHoursPerDay: 10 } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 2400 } });
    await bench.ask({ scaleOut: { type: KVM, count: 1, minutes: 2400 } });
    await bench.ticks(20);
    expect(subjects()).toEqual([]);
    await bench.ticks(6);
    expect(subjects()).toEqual([
      expect.stringMatching(/^operate-test: 10\.\d machine-hours in the last 24 hours$/) as unknown,
    ]);
    const text = bench.told[0]?.text ?? '';
    expect(text).toMatch(/limit is 10 \(deploy\.machineHoursPerDay\)/);
    expect(text).toMatch(/x86_64-linux: 8\.\d h of c7i\.24xlarge; 4 running now\nx86_64-linux:kvm: 2\.\d h/);
    expect(text).toContain('{"explain":{"type":"x86_64-linux"}}');
    await bench.ticks(24 * TICKS_AN_HOUR - 12);
    expect(subjects()).toHaveLength(1);
    await bench.ticks(12);
    expect(subjects()).toHaveLength(2);
  });

  it('nothing when the memory of it could not be written', async () => {
    bench = new OperateBench({ deploy: { machineHoursPerDay: 1 } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 600 } });
    bench.store.before = (call, id) => {
      if (call === 'write' && id === 'farm') throw new Error('no such luck');
    };
    await bench.ticks(TICKS_AN_HOUR);
    expect(bench.told).toEqual([]);
    bench.store.before = () => undefined;
    await bench.ticks(1);
    expect(bench.told).toHaveLength(1);
  });
});
