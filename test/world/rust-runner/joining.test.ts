import { describe, expect, it } from 'vitest';
import { RustFarm } from './farm.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

describe('a builder that dials in', () => {
  it.each(SEEDS)('is in the status after 0.3 to 0.6 s (%i)', (seed) => {
    const farm = new RustFarm({}, { seed });
    farm.join('i-1');
    const seconds = farm.until(() => farm.has('i-1'));
    expect(seconds).toBeGreaterThanOrEqual(0.28);
    expect(seconds).toBeLessThanOrEqual(0.62);
  });

  it('says nothing of itself before its first ping, and is given nothing', () => {
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 });
    farm.queue(9);
    farm.wait(2);
    farm.join('i-1');
    farm.until(() => farm.has('i-1'));
    expect(farm.machine('i-1')).toMatchObject({
      hasCapacity: false,
      stats: { lastPing: 0, buildDirFreePercent: 0 },
    });
    farm.wait(0.2);
    expect(farm.machine('i-1')).toMatchObject({ hasCapacity: true, stats: { buildDirFreePercent: 100 } });
    expect(farm.machine('i-1').stats.currentJobs).toBe(0);
  });

  it('gets its first step only when the timer of 120 s has run: 120.6 s after it joined', () => {
    const farm = new RustFarm();
    farm.queue(32);
    farm.wait(20);
    farm.join('i-1');
    farm.until(() => farm.has('i-1'));
    const seconds = farm.until(() => farm.jobsOf('i-1') > 0);
    expect(seconds).toBeGreaterThan(120.4);
    expect(seconds).toBeLessThan(120.8);
  });

  it.each(SEEDS)('gets it within 6 s with a timer of 5 s (%i)', (seed) => {
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 }, { seed });
    farm.queue(32);
    farm.wait(seed);
    farm.join('i-1');
    farm.until(() => farm.has('i-1'));
    expect(farm.until(() => farm.jobsOf('i-1') > 0)).toBeLessThan(6);
  });

  it('gets it at once where another event comes, such as a notification without builds', () => {
    const farm = new RustFarm();
    farm.queue(32);
    farm.wait(20);
    farm.join('i-1');
    farm.wait(5);
    farm.runner.poke();
    expect(farm.until(() => farm.jobsOf('i-1') > 0)).toBeLessThan(0.2);
  });

  it('of another version never joins, and exits with 65 again and again', () => {
    const farm = new RustFarm();
    farm.join('i-1', { version: '0.1.0-00000000' });
    farm.wait(60);
    expect(farm.has('i-1')).toBe(false);
    expect(farm.builders.unit('i-1')).toMatchObject({ exitStatus: 65 });
    expect(farm.builders.unit('i-1')?.journal.join('\n')).toContain('API version mismatch');
  });

  it('without a token is refused where one is asked for, and let in where none is', () => {
    const strict = new RustFarm({ tokens: ['secret'] });
    strict.join('i-1');
    strict.join('i-2', { token: 'secret' });
    strict.wait(2);
    expect(Object.keys(strict.status.machines)).toEqual(['i-2']);
    expect(strict.builders.unit('i-1')).toMatchObject({ exitStatus: 1, activeState: 'activating' });
  });

  it('under a name that is taken makes one entry of two machines', () => {
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 });
    farm.queue(4);
    farm.join('i-1');
    farm.join('other', { hostname: 'i-1' });
    farm.wait(10);
    expect(Object.keys(farm.status.machines)).toEqual(['i-1']);
    expect(farm.status.queueRunner.machinesTotal).toBe(2);
    expect(farm.busyRows).toEqual({ 'i-1': 4 });
  });

  it('says what it claims when it joins: other settings need a restart', () => {
    const farm = new RustFarm();
    farm.join('i-1', { maxJobs: 3 });
    farm.wait(1);
    expect(farm.machine('i-1').maxJobs).toBe(3);
    farm.builders.restart('i-1', { maxJobs: 5 });
    farm.wait(1);
    expect(farm.machine('i-1').maxJobs).toBe(5);
    expect(farm.status.queueRunner.machinesTotal).toBe(1);
  });
});

describe('a builder whose gauge is full', () => {
  const saturated = (): RustFarm => {
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 });
    farm.queue(30, { seconds: 25 });
    farm.join('i-1');
    farm.until(() => farm.jobsOf('i-1') === 2);
    return farm;
  };

  it('shows so with the next ping, finishes what it has, and gets nothing more', () => {
    const farm = saturated();
    farm.builders.close('i-1');
    expect(farm.machine('i-1').stats.buildDirFreePercent).toBe(100);
    expect(farm.until(() => farm.machine('i-1').stats.buildDirFreePercent === 0)).toBeLessThanOrEqual(10.1);
    expect(farm.machine('i-1')).toMatchObject({ hasCapacity: false, stats: { currentJobs: 2 } });
    farm.until(() => farm.jobsOf('i-1') === 0);
    farm.wait(60);
    expect(farm.machine('i-1').stats).toMatchObject({ currentJobs: 0, nrStepsDone: 2 });
    expect(farm.queued().filter(({ tries }) => tries > 0)).toEqual([]);
  });

  it('gets work again once it is open, at the dispatch after the ping that says so', () => {
    const farm = saturated();
    farm.builders.close('i-1');
    farm.wait(60);
    farm.builders.open('i-1');
    expect(farm.until(() => farm.jobsOf('i-1') > 0)).toBeLessThan(10 + 6);
  });

  it('stays closed when its service restarts, and is closed after every reboot', () => {
    const farm = saturated();
    farm.builders.close('i-1');
    farm.builders.restart('i-1');
    farm.wait(5);
    expect(farm.machine('i-1').stats.buildDirFreePercent).toBe(0);
    farm.builders.open('i-1');
    farm.builders.restart('i-1');
    farm.wait(5);
    expect(farm.machine('i-1').stats.buildDirFreePercent).toBe(100);
    farm.builders.reboot('i-1', 20);
    farm.wait(1);
    expect(farm.has('i-1')).toBe(false);
    farm.wait(25);
    expect(farm.builders.isClosed('i-1')).toBe(true);
    expect(farm.machine('i-1').stats.buildDirFreePercent).toBe(0);
  });
});
