import { beforeEach, describe, expect, it } from 'vitest';
import { KVM, OperateBench, TICK, TYPE } from './bench.ts';

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

  it('of a cap that is reached, once an hour while it lasts', async () => {
    queue(100, 20_000);
    await bench.ticks(11);
    expect(subjects()).toEqual([`operate-test: ${TYPE} is at its cap of 4 machines`]);
    expect(bench.told[0]?.text).toMatch(
      /capped at maxMachines 4\n\nThe queue would like 50\. Raise maxMachines/,
    );
    await bench.ticks(3);
    expect(subjects()).toHaveLength(2);
  });

  it('of a queue status that is not trusted, after ten minutes and not before', async () => {
    bench.world.runner.stop();
    await bench.ticks(2);
    expect(subjects()).toEqual([]);
    await bench.ticks(2);
    expect(subjects()).toEqual([
      expect.stringMatching(
        /^operate-test: the queue status has not been trusted for 1\d minutes$/,
      ) as unknown,
    ]);
    expect(bench.told[0]?.text).toContain('systemctl start hydra-queue-runner');
  });

  it('of machines that never get ready: one notice for all of a type', async () => {
    bench = new OperateBench({ systemTypes: { [TYPE]: { maxMachines: 3, bootTimeout: 60 } } });
    await bench.pass(120);
    bench.world.region.observe({ event: () => undefined });
    await bench.ask({ scaleOut: { type: TYPE, count: 3 } }, 5);
    for (const { instanceId } of bench.world.region.instances.all) bench.world.deaf.add(instanceId);
    await bench.ticks(1);
    expect(subjects()).toEqual([`operate-test: 3 machines of ${TYPE} failed`]);
    expect(bench.told[0]?.text).toMatch(/i-[0-9a-f]+: not ready after 60 s: it lacked/);
  });

  it('of machines that are launched too often', async () => {
    bench = new OperateBench({ maxTotalMachines: 4, deploy: { launchesPerHour: 3 } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 60 } });
    expect(subjects()).toEqual(['operate-test: 4 machines launched within an hour']);
    await bench.ask(TICK);
    expect(subjects()).toHaveLength(1);
  });

  it('of machines that run and run, type by type, once an hour', async () => {
    const types = { [TYPE]: { maxMachines: 4, instanceTypes: ['c7i.24xlarge'] }, [KVM]: { maxMachines: 1 } };
    bench = new OperateBench({ systemTypes: types, deploy: { machineHoursPerDay: 10 } });
    await bench.pass(120);
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 600 } });
    await bench.ask({ scaleOut: { type: KVM, count: 1, minutes: 600 } });
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
    await bench.ticks(24);
    expect(subjects()).toHaveLength(3);
  });

  it('nothing when the memory of it could not be written', async () => {
    queue(100, 20_000);
    await bench.pass(5);
    bench.store.before = (call, id) => {
      if (call === 'write' && id === 'farm') throw new Error('no such luck');
    };
    await bench.ticks(1);
    expect(bench.told).toEqual([]);
    bench.store.before = () => undefined;
    await bench.ticks(1);
    expect(bench.told).toHaveLength(1);
  });
});
