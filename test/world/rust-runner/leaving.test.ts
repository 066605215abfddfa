import { describe, expect, it } from 'vitest';
import type { LostStep } from '../../../local/world/hydra/observer.ts';
import type { RustRunnerSettings } from '../../../local/world/rust-runner/settings.ts';
import { RustFarm } from './farm.ts';

const saturated = (settings: Partial<RustRunnerSettings> = {}): { farm: RustFarm; lost: LostStep[] } => {
  const lost: LostStep[] = [];
  const observer = { onStepLost: (step: LostStep) => lost.push(step) };
  const farm = new RustFarm({ dispatchTriggerSeconds: 5, ...settings }, { observer });
  farm.queue(30, { seconds: 100 });
  farm.join('i-1');
  farm.until(() => farm.jobsOf('i-1') === 2);
  farm.wait(3);
  return { farm, lost };
};

const tried = (farm: RustFarm, tries: number): number =>
  farm.queued().filter((step) => step.tries === tries).length;

describe('a builder that leaves', () => {
  it('in order is gone within 0.3 s; its steps count a try, are tried again after a minute, and it does not return', () => {
    const { farm, lost } = saturated();
    farm.builders.leave('i-1');
    expect(farm.until(() => !farm.has('i-1'))).toBeLessThan(0.3);
    farm.wait(0.5);
    expect(tried(farm, 1)).toBe(2);
    expect(lost).toMatchObject([
      { phase: 'building', cause: 'connection', address: 'i-1' },
      { phase: 'building', cause: 'connection', address: 'i-1' },
    ]);
    expect(farm.busyRows).toEqual({});
    farm.join('i-2', { maxJobs: 50 });
    farm.wait(50);
    expect(farm.machine('i-2').stats.currentJobs).toBe(28);
    farm.wait(20);
    expect(farm.machine('i-2').stats.currentJobs).toBe(30);
    expect(farm.has('i-1')).toBe(false);
  });

  it('has not joined since, until it dials in again', () => {
    const { farm } = saturated();
    farm.builders.open('i-1');
    farm.builders.leave('i-1');
    expect(farm.builders.hasJoined('i-1')).toBe(false);
    farm.join('i-1');
    expect(farm.until(() => farm.builders.hasJoined('i-1'))).toBeGreaterThan(0);
  });

  it('by SIGKILL loses the same, and systemd starts it again after 5 s', () => {
    const { farm, lost } = saturated();
    farm.builders.crash('i-1');
    farm.wait(0.5);
    expect(farm.has('i-1')).toBe(false);
    expect(lost).toHaveLength(2);
    const seconds = farm.until(() => farm.has('i-1'));
    expect(seconds).toBeGreaterThan(4.5);
    expect(seconds).toBeLessThan(6);
  });

  it('with its machine does not come back', () => {
    const { farm } = saturated();
    farm.builders.kill('i-1');
    farm.wait(60);
    expect(farm.has('i-1')).toBe(false);
  });

  it('waits 60, 180, 540 and 1620 s between tries, and aborts the build with the fifth', () => {
    const farm = new RustFarm({ dispatchTriggerSeconds: 5 });
    const [build] = farm.queue(1, { seconds: 100_000 });
    const waits: number[] = [];
    for (let tries = 1; tries <= 5; tries += 1) {
      farm.join(`i-${tries}`);
      const seconds = farm.until(() => farm.jobsOf(`i-${tries}`) === 1, { limit: 4000, step: 1 });
      waits.push(seconds);
      farm.wait(1);
      farm.builders.leave(`i-${tries}`);
      farm.until(() => !farm.has(`i-${tries}`));
      farm.join(`i-${tries + 1}`);
      farm.until(() => farm.has(`i-${tries + 1}`));
    }
    expect(waits.slice(1).map((seconds) => Math.round(seconds / 60))).toEqual([1, 3, 9, 27]);
    expect(build).toMatchObject({ status: 'aborted' });
    expect(build?.tries).toHaveLength(5);
  });
});

describe('a builder that is silent', () => {
  it('because it is frozen loses nothing: its steps are still counted, and go on', () => {
    const { farm, lost } = saturated();
    farm.builders.freeze('i-1');
    farm.wait(45);
    expect(farm.machine('i-1').stats.sinceLastPing).toBeGreaterThan(40);
    expect(farm.machine('i-1').stats.currentJobs).toBe(2);
    farm.builders.thaw('i-1');
    farm.wait(70);
    expect(lost).toEqual([]);
    expect(farm.machine('i-1').stats).toMatchObject({ nrStepsDone: 2, consecutiveFailures: 0 });
  });

  it.each([
    [964, undefined],
    [121, 121],
  ])('because it vanished keeps its steps for %i s', (seconds, tcpGiveUpSeconds) => {
    const { farm, lost } = saturated(tcpGiveUpSeconds === undefined ? {} : { tcpGiveUpSeconds });
    farm.builders.vanish('i-1');
    farm.wait(seconds - 1);
    expect(farm.machine('i-1').stats).toMatchObject({ currentJobs: 2 });
    expect(farm.machine('i-1').stats.sinceLastPing).toBeGreaterThan(seconds - 2);
    farm.wait(2);
    expect(farm.has('i-1')).toBe(false);
    expect(lost).toHaveLength(2);
  });

  it('gives up by itself after 31 s without a connection, and not before', () => {
    const { farm } = saturated();
    farm.builders.vanish('i-1');
    farm.wait(30);
    expect(farm.builders.unit('i-1')).toMatchObject({ activeState: 'active' });
    farm.wait(2);
    expect(farm.builders.unit('i-1')?.journal.join('\n')).toContain('keep-alive');
  });

  it('for less than that loses nothing', () => {
    const { farm, lost } = saturated();
    farm.builders.vanish('i-1');
    farm.wait(25);
    farm.builders.heal('i-1');
    farm.wait(100);
    expect(lost).toEqual([]);
    expect(farm.machine('i-1').stats.nrStepsDone).toBe(2);
  });

  it('for longer comes back as another machine, and the old one is seen to be gone', () => {
    const { farm, lost } = saturated();
    farm.builders.vanish('i-1');
    farm.wait(60);
    farm.builders.heal('i-1');
    farm.until(() => farm.status.queueRunner.machinesTotal === 2, { limit: 20 });
    farm.wait(60);
    expect(farm.status.queueRunner.machinesTotal).toBe(1);
    expect(lost).toHaveLength(2);
  });
});
