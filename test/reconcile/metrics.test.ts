/** What a tick measures: levels as they are at its end, happenings of all its rounds. */
import { beforeEach, describe, expect, it } from 'vitest';
import { aConfig, untrusted } from '../core/given.ts';
import { refusal } from '../fakes/fleet.ts';
import { Bench, TYPE } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const measured = (): Readonly<Record<string, number>> => bench.told.measured.at(-1) ?? {};
const IMPATIENT = aConfig([{ ...TYPE, bootTimeoutSeconds: 60 }]);

describe('idle machines', () => {
  it('are those that are ready without a build, and unknown while the status is not trusted', async () => {
    bench.runnable = 2;
    await bench.tick();
    await bench.clock.sleep(60);
    await bench.tick();
    expect(measured()).toMatchObject({ liveInstances: 2, readyMachines: 2, idleMachines: 2 });
    bench.runner.dispatch(1);
    await bench.tick();
    expect(measured()).toMatchObject({ liveInstances: 2, readyMachines: 2, idleMachines: 0 });
    bench.host.queue = () => untrusted({ cause: 'failed' });
    await bench.tick();
    expect(measured()).not.toHaveProperty('idleMachines');
    expect(measured()).toMatchObject({ liveInstances: 2, statusUntrusted: 1 });
  });
});

describe('waiting', () => {
  it('is told in seconds, and not by ticks that remember nothing', async () => {
    bench.runnable = 1;
    bench.isReachable = false;
    await bench.tick();
    await bench.clock.sleep(400);
    await bench.tick(undefined, 30);
    expect(measured()['waitingSeconds']).toBeGreaterThan(400);
    await bench.tick(aConfig([TYPE], { observeOnly: true }));
    expect(measured()).not.toHaveProperty('waitingSeconds');
  });
});

describe('machines given up', () => {
  it('are counted once, in whichever round of the tick it was', async () => {
    bench.runnable = 1;
    bench.isReachable = false;
    await bench.tick(IMPATIENT);
    expect(bench.told.measured).toMatchObject([{ givenUpMachines: 1 }]);
  });

  it('are not counted while that cannot be saved, and so not carried out', async () => {
    bench.runnable = 1;
    bench.isReachable = false;
    await bench.tick(IMPATIENT, 30);
    await bench.clock.sleep(100);
    bench.store.before = (call, id) => {
      if (call === 'write' && id !== 'farm') throw new Error('DynamoDB says no');
    };
    await bench.tick(IMPATIENT);
    expect(measured()['givenUpMachines']).toBe(0);
    bench.store.before = () => undefined;
    await bench.tick(IMPATIENT, 30);
    expect(measured()['givenUpMachines']).toBe(1);
    await bench.tick(IMPATIENT, 30);
    expect(measured()['givenUpMachines']).toBe(0);
  });

  it('are none where ticks only watch', async () => {
    bench.runnable = 1;
    bench.isReachable = false;
    await bench.tick(IMPATIENT, 30);
    await bench.clock.sleep(100);
    for (let tick = 0; tick < 2; tick++) await bench.tick({ ...IMPATIENT, observeOnly: true });
    expect(bench.told.measured.map((metrics) => metrics['givenUpMachines'])).toEqual([0, 0, 0]);
  });
});

describe('machines that AWS refuses', () => {
  it('are missing in the tick that is refused and in those that do not ask again', async () => {
    bench.runnable = 3;
    bench.fleet.failNextLaunch([refusal('quota')]);
    await bench.tick();
    expect(measured()).toMatchObject({ refusedMachines: 3, launch: 0 });
    await bench.tick(undefined, 30);
    expect(measured()).toMatchObject({ refusedMachines: 3, problems: 0 });
    await bench.clock.sleep(400);
    await bench.tick();
    expect(measured()).toMatchObject({ refusedMachines: 0, launch: 3 });
  });

  it('are missing also where the tick has no time to look again', async () => {
    bench.runnable = 3;
    bench.fleet.failNextLaunch([refusal('capacity')]);
    expect((await bench.tick(undefined, 15)).rounds).toBe(1);
    expect(measured()).toMatchObject({ refusedMachines: 3, launch: 0, problems: 1 });
  });

  it('are not those that a cap forbids meanwhile', async () => {
    bench.runnable = 3;
    bench.fleet.failNextLaunch([refusal('quota')]);
    await bench.tick();
    await bench.tick(aConfig([TYPE], { maxTotalMachines: 1 }), 30);
    expect(measured()).toMatchObject({ refusedMachines: 1, cappedMachines: 2 });
  });
});
