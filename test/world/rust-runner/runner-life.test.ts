import { describe, expect, it } from 'vitest';
import type { Build } from '../../../local/world/hydra/builds.ts';
import type { LostStep } from '../../../local/world/hydra/observer.ts';
import { curlExitOf, httpCodeOf } from '../../../local/world/rust-runner/answers.ts';
import { RustFarm } from './farm.ts';

const building = (): { farm: RustFarm; lost: LostStep[]; over: Build[] } => {
  const [lost, over]: [LostStep[], Build[]] = [[], []];
  const observer = {
    onStepLost: (step: LostStep) => lost.push(step),
    onStepOver: (build: Build) => over.push(build),
  };
  const farm = new RustFarm({ dispatchTriggerSeconds: 5 }, { observer });
  farm.queue(20, { seconds: 40 });
  farm.join('i-1');
  farm.until(() => farm.jobsOf('i-1') === 2);
  farm.wait(3);
  return { farm, lost, over };
};

describe('a queue runner that is restarted', () => {
  it('forgets machines, and has seen its queue within a second', () => {
    const { farm } = building();
    farm.runner.stop();
    farm.runner.start();
    farm.wait(0.2);
    expect(farm.status.queueRunner.queueChecksFinished).toBe(0);
    farm.wait(0.5);
    expect(farm.status).toMatchObject({ queueRunner: { queueChecksFinished: 1, machinesTotal: 0 } });
    expect(farm.queued()).toHaveLength(20);
  });

  it('counts no try for what it leaves, and has its builders back within ten seconds', () => {
    const { farm, lost } = building();
    farm.runner.stop();
    farm.runner.start();
    expect(lost.map(({ cause }) => cause)).toEqual(['runner', 'runner']);
    expect(farm.until(() => farm.has('i-1'))).toBeLessThan(10);
    expect(farm.queued().every(({ tries }) => tries === 0)).toBe(true);
    farm.wait(7);
    expect(farm.machine('i-1').stats.currentJobs).toBe(2);
  });

  it('forgets the tries that it counted before', () => {
    const { farm } = building();
    farm.builders.leave('i-1');
    farm.wait(1);
    expect(farm.queued().filter(({ tries }) => tries === 1)).toHaveLength(2);
    farm.runner.stop();
    farm.runner.start();
    farm.wait(1);
    expect(farm.queued().filter(({ tries }) => tries === 1)).toEqual([]);
  });

  it('knows what the jobsets have had', () => {
    const { farm } = building();
    farm.wait(60);
    const before = farm.status.jobsets['demo:release']?.seconds ?? 0;
    expect(before).toBeGreaterThan(70);
    farm.runner.stop();
    farm.runner.start();
    farm.wait(1);
    expect(farm.status.jobsets['demo:release']?.seconds).toBe(before);
  });

  it('meets builders that tried again every five seconds', () => {
    const { farm } = building();
    farm.runner.stop();
    farm.wait(300);
    expect(farm.builders.unit('i-1')).toMatchObject({ exitStatus: 1 });
    farm.runner.start();
    expect(farm.until(() => farm.has('i-1'))).toBeLessThan(7);
  });
});

describe('what the host answers', () => {
  it('while it runs', () => {
    const { farm } = building();
    const { status, queues, active, busy, unfinished } = farm.runner.answers();
    expect([status, queues, active].map(httpCodeOf)).toEqual(['200', '200', '200']);
    expect([status, queues, active].map(curlExitOf)).toEqual([0, 0, 0]);
    expect(Object.fromEntries(busy ?? [])).toEqual({ 'i-1': 2 });
    expect(unfinished).toBe(20);
  });

  it.each([
    [true, 28],
    [false, 7],
  ])('while it is down: behind a socket unit (%s) curl exits with %i', (hasSocketUnit, exit) => {
    const farm = new RustFarm({ hasSocketUnit });
    farm.queue(2);
    farm.runner.stop();
    const { status, active, unfinished } = farm.runner.answers();
    expect([curlExitOf(status), httpCodeOf(active)]).toEqual([exit, '000']);
    expect(unfinished).toBe(2);
  });

  it('while it hangs; the builders give it up after 31 s, and their steps count a try when it goes on', () => {
    const { farm, lost } = building();
    farm.runner.hang();
    expect(curlExitOf(farm.runner.answers().status)).toBe(28);
    farm.wait(30);
    expect(farm.builders.unit('i-1')).toMatchObject({ activeState: 'active' });
    farm.wait(15);
    farm.runner.resume();
    farm.wait(1);
    expect(lost).toHaveLength(2);
    expect(farm.status.queueRunner.machinesTotal).toBe(1);
  });

  it('a short hang costs nothing', () => {
    const { farm, lost } = building();
    farm.runner.hang();
    farm.wait(20);
    farm.runner.resume();
    farm.wait(60);
    expect(lost).toEqual([]);
  });
});

describe('while the database is down', () => {
  it('the status says that all is well, and only what asks the database does not', () => {
    const { farm } = building();
    const before = farm.status;
    farm.runner.setDatabaseReachable(false);
    farm.wait(25);
    const { status, active, busy, unfinished } = farm.runner.answers();
    expect(httpCodeOf(status)).toBe('200');
    expect(farm.status.machines['i-1']?.stats.currentJobs).toBe(before.machines['i-1']?.stats.currentJobs);
    expect(httpCodeOf(active)).toBe('500');
    expect([busy, unfinished]).toEqual([undefined, undefined]);
  });

  it('what ends keeps its slot for good, and is known to be built once the queue is read again', () => {
    const { farm, lost, over: told } = building();
    farm.runner.setDatabaseReachable(false);
    farm.wait(60);
    expect(told).toHaveLength(2);
    farm.runner.setDatabaseReachable(true);
    farm.queue(1, { tag: 'late' });
    farm.wait(300);
    expect(farm.machine('i-1').stats).toMatchObject({ currentJobs: 2 });
    expect(farm.busyRows).toEqual({ 'i-1': 2 });
    expect(lost).toEqual([]);
    const over = farm.queued().filter(({ finished }) => finished);
    expect(over).toMatchObject([{ alreadyScheduled: false }, { alreadyScheduled: false }]);
    farm.builders.restart('i-1');
    farm.wait(30);
    expect(farm.machine('i-1').jobs?.some((job) => over.some(({ drvPath }) => drvPath === job))).toBe(false);
    expect(lost).toEqual([]);
  });

  it('a machine that leaves keeps its rows until the next start of the queue runner', () => {
    const { farm } = building();
    farm.runner.setDatabaseReachable(false);
    farm.builders.leave('i-1');
    farm.wait(5);
    farm.runner.setDatabaseReachable(true);
    farm.wait(1);
    expect(farm.busyRows).toEqual({ 'i-1': 2 });
    expect(farm.status.machines).toEqual({});
    farm.runner.stop();
    farm.runner.start();
    expect(farm.busyRows).toEqual({});
  });
});
