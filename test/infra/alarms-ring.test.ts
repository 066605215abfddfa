/** Every alarm in the situation it is for: a farm in virtual time, what its ticks tell, and the alarms as synthesised. */
import { beforeAll, describe, expect, it } from 'vitest';
import { answer } from '../../lambdas/reconcile/answer.ts';
import type { AlarmName } from '../../infra/runbook.ts';
import { aConfig, aStatus, steps } from '../core/given.ts';
import { OperateBench, TICK, TYPE } from '../operate/bench.ts';
import { Bench, TYPE as BENCH_TYPE } from '../reconcile/bench.ts';
import { alarmsIn, rung } from './alarm-bell.ts';
import type { Alarms, Sample } from './alarm-bell.ts';
import { example, synth } from './synth.ts';
import type { JsonObject } from './synth.ts';

const TICKS_AN_HOUR = 12;
const HOURS_PER_DAY_MAX = 32;
const DOLLARS_PER_DAY_MAX = 10;

/** A farm whose ticks have begun. */
async function running(...parts: ConstructorParameters<typeof OperateBench>): Promise<OperateBench> {
  const bench = new OperateBench(...parts);
  await bench.pass(120);
  await bench.ticks(1);
  return bench;
}

const queue = (bench: OperateBench, count: number, seconds: number, system = TYPE): void =>
  void bench.world.runner.queue({ count, system, seconds });

let alarms: Alarms;
beforeAll(() => {
  const base = example();
  const config = {
    ...base,
    deploy: {
      ...(base['deploy'] as JsonObject),
      ...{ launchesPerHour: 3, machineHoursPerDay: HOURS_PER_DAY_MAX, dollarsPerDay: DOLLARS_PER_DAY_MAX },
    },
  };
  alarms = alarmsIn(synth({ config }));
});

/** What rang between the first tick and now. */
const heard = (bench: OperateBench, samples: readonly Sample[] = bench.measured): AlarmName[] =>
  rung(alarms, samples, samples[0]?.at ?? bench.now, bench.now);

describe('nothing rings', () => {
  it('while a farm follows its queue, or a launch is refused once', async () => {
    const bench = await running();
    queue(bench, 4, 1200);
    await bench.ticks(3);
    bench.world.region.capacity.limit({}, 2);
    queue(bench, 8, 600);
    await bench.ticks(1);
    expect(bench.measured.some(({ metrics }) => (metrics['refusedMachines'] ?? 0) > 0)).toBe(true);
    bench.world.region.capacity.limit({}, 100);
    await bench.ticks(6);
    expect(heard(bench)).toEqual([]);
  });

  it('where builders of other systems are not ours and have much to do', async () => {
    const bench = new Bench();
    const demand = [steps('aarch64-darwin', 90, 4)];
    const samples: Sample[] = [];
    bench.host.queue = (at) => aStatus({ at, demand, stepsUnsupported: 0 });
    for (let tick = 0; tick < TICKS_AN_HOUR; tick++) {
      await bench.tick(aConfig([BENCH_TYPE]));
      samples.push({ at: bench.clock.now(), metrics: bench.told.measured.at(-1) ?? {} });
      await bench.clock.sleep(300);
    }
    expect(rung(alarms, samples, samples[0]?.at ?? 0, bench.clock.now())).toEqual([]);
  });
});

describe('an alarm rings', () => {
  it.each([false, true])('when the status is not to be trusted, observeOnly %s', async (observeOnly) => {
    const bench = await running({ observeOnly });
    bench.world.runner.stop();
    await bench.ticks(2);
    expect(heard(bench)).toEqual([]);
    await bench.ticks(3);
    expect(heard(bench)).toEqual(['StatusUntrusted']);
  });

  it('when machines never get ready, once each', async () => {
    const bench = await running({ systemTypes: { [TYPE]: { maxMachines: 2, bootTimeout: 60 } } });
    await bench.ask({ scaleOut: { type: TYPE, count: 2, minutes: 5 } }, 5);
    for (const { instanceId } of bench.world.region.instances.all) bench.world.deaf.add(instanceId);
    await bench.pass(295);
    await bench.ticks(3);
    expect(heard(bench)).toEqual(['MachineNeverReady']);
    const counts = bench.measured.map(({ metrics }) => metrics['givenUpMachines'] ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('when a machine stops answering', async () => {
    const bench = await running();
    queue(bench, 2, 9000);
    await bench.ticks(2);
    const id = await bench.firstMachine();
    const { address = '' } = bench.world.region.instances.all.find((one) => one.instanceId === id) ?? {};
    bench.world.deaf.add(id);
    bench.world.builders.kill(address);
    await bench.ticks(6);
    expect(heard(bench)).toContain('MachineNeverReady');
  });

  it.each([
    ['maxMachines', {}],
    ['maxTotalMachines', { maxTotalMachines: 1, systemTypes: { [TYPE]: { maxMachines: 100 } } }],
  ])('when %s has withheld machines for half an hour', async (_cap, changes) => {
    const bench = await running(changes);
    queue(bench, 100, 20_000);
    await bench.ticks(5);
    expect(heard(bench)).toEqual([]);
    await bench.ticks(4);
    expect(heard(bench).filter((name) => name !== 'LaunchRate')).toEqual(['AtTheCap']);
  });

  it('when EC2 has no capacity, however rarely it is asked, for as long as that lasts', async () => {
    const bench = await running();
    bench.world.region.capacity.limit({}, 0);
    queue(bench, 4, 600);
    await bench.ticks(4 * TICKS_AN_HOUR);
    const asked = bench.measured.filter(({ metrics }) => (metrics['problems'] ?? 0) > 0);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(TICKS_AN_HOUR);
    expect(heard(bench)).toEqual(['LaunchesRefused']);
    const refused = bench.measured.slice(1).map(({ metrics }) => metrics['refusedMachines']);
    expect(new Set(refused)).toEqual(new Set([2]));
  });

  it('when there are too many launches', async () => {
    const bench = await running();
    await bench.ask({ scaleOut: { type: TYPE, count: 4, minutes: 30 } }, 300);
    await bench.ticks(2 * TICKS_AN_HOUR);
    expect(heard(bench)).toEqual(['LaunchRate']);
  });

  it.each([
    [2, []],
    [3, ['MachineHours']],
  ])(
    'when machines run for more hours of a day than the limit: %i for 15 hours each',
    async (count, expected) => {
      const bench = await running();
      await bench.ask({ scaleOut: { type: TYPE, count, minutes: 15 * 60 } }, 300);
      const left = 86_400 - (bench.now % 86_400);
      await bench.ticks(Math.ceil(left / 300));
      expect(heard(bench)).toEqual(expected);
      const sum = bench.measured.reduce((all, { metrics }) => all + (metrics['machineSeconds'] ?? 0), 0);
      expect(sum / 3600 / count).toBeCloseTo(15, 0);
      expect(Math.abs(sum / 3600 - bench.world.hours.billed)).toBeLessThan(count / 4);
    },
  );

  it('when machines cost more in a day than the limit, by the prices they began with', async () => {
    const type = { maxMachines: 4, maxJobs: 2, billing: 'per-second', dollarsPerHour: 0.5 };
    const bench = await running({ systemTypes: { [TYPE]: type } });
    await bench.ask({ scaleOut: { type: TYPE, count: 2, minutes: 15 * 60 } }, 300);
    await bench.ticks(Math.ceil((86_400 - (bench.now % 86_400)) / 300));
    expect(heard(bench)).toEqual(['Dollars']);
    const sum = bench.measured.reduce((all, { metrics }) => all + (metrics['dollars'] ?? 0), 0);
    expect(sum).toBeCloseTo(2 * 15 * 0.5, 0);
  });

  it('when steps wait that nobody supports', async () => {
    const bench = await running({}, { runner: { maxUnsupportedTimeSeconds: 86_400 } });
    queue(bench, 3, 60, 'riscv64-linux');
    await bench.ticks(9);
    expect(heard(bench)).toEqual(['UnsupportedSteps']);
  });

  it('when every tick meets a problem', async () => {
    const bench = await running();
    const { ports } = bench.workplace;
    ports.host.offer = () => Promise.reject(new Error('no space left on device'));
    await bench.ticks(9);
    expect(heard(bench)).toEqual(['Problems']);
  });

  it('when a plan breaks a rule', async () => {
    const bench = await running();
    const { config } = bench.workplace;
    const machineTypes = config.machineTypes.map((type) => ({ ...type, sshKey: '/id\nroot@evil' }));
    queue(bench, 2, 600);
    const invocation = { requestId: 'evil', nonce: '1', remainingSeconds: 300 };
    const asked = answer({ ...bench.workplace, config: { ...config, machineTypes } }, TICK, invocation);
    await bench.pass(600);
    expect(await asked).toMatchObject({ result: 'refused' });
    expect(heard(bench)).toEqual(['PlanRefused']);
  });

  it('when no tick ends for three periods', async () => {
    const bench = await running();
    await bench.pass(1500);
    expect(heard(bench)).toEqual(['NoTick']);
  });
});
