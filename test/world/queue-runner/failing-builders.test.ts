import { describe, expect, it } from 'vitest';
import { outcomes, START, TestHost } from './host.ts';

describe('a builder that refuses connections', () => {
  it('loses its steps within hundredths of a second and is disabled for a minute or more', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    host.builders.kill('a');
    const builds = host.queue({ count: 2 });
    host.advance(0.2);
    expect(builds.map(outcomes)).toEqual([['transient'], ['transient']]);
    expect(host.machine('a')).toMatchObject({
      currentJobs: 0,
      consecutiveFailures: 1,
      lastFailure: START + 1,
    });
    // One draw of 13 seconds for the machine, then one per step.
    expect(host.machine('a').disabledUntil).toBe(START + 1 + 73);
    expect(host.status).toMatchObject({
      nrRetries: 2,
      maxNrRetries: 1,
      nrRunnableSteps: 2,
      nrActiveSteps: 0,
    });
    expect(host.lost).toMatchObject([
      { phase: 'connecting', cause: 'connection' },
      { phase: 'connecting', cause: 'connection' },
    ]);
  });

  it('is used again in the instant its time is over', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.builders.kill('a');
    const [build] = host.queue();
    host.advance(1);
    host.builders.start('a');
    const { disabledUntil } = host.machine('a');
    host.goTo(disabledUntil - START - 0.1);
    expect(outcomes(build)).toEqual(['transient']);
    host.goTo(disabledUntil - START + 1.1);
    expect(outcomes(build)).toEqual(['transient', 'running']);
    host.advance(20);
    expect(build?.status).toBe('succeeded');
    expect(host.machine('a')).toMatchObject({ consecutiveFailures: 0, disabledUntil });
  });

  it('is disabled three times as long each time, up to the fourth, and the fifth try aborts the build', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.builders.kill('a');
    const [build] = host.queue();
    const disabledFor: number[] = [];
    for (let minute = 0; minute < 90; minute++) {
      host.advance(60);
      const { disabledUntil, lastFailure } = host.machine('a');
      if (disabledFor.at(-1) !== disabledUntil - lastFailure) disabledFor.push(disabledUntil - lastFailure);
    }
    expect(disabledFor.map((seconds) => Math.floor(seconds / 60) * 60)).toEqual([60, 180, 540, 1620, 1620]);
    expect(outcomes(build)).toEqual(Array(5).fill('transient'));
    expect(build?.status).toBe('aborted');
    expect(host.machine('a').consecutiveFailures).toBe(4);
    expect(host.status).toMatchObject({ nrRetries: 4, maxNrRetries: 4, nrBuildsDone: 1, nrStepsDone: 1 });
  });

  it('is not known under its address but under its user and address', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.builders.kill('a');
    host.queue();
    host.list('root@a x86_64-linux');
    host.goTo(31);
    expect(host.machine('root@a').consecutiveFailures).toBe(0);
  });

  it('costs the fifth of five tries elsewhere, too', () => {
    const host = TestHost.running(['a x86_64-linux', 'b x86_64-linux']);
    for (const address of ['a', 'b']) host.builders.kill(address);
    const builds = host.queue({ count: 4 });
    host.goTo(24 * 3600);
    expect(builds.map((build) => [build.status, build.tries.length])).toEqual(Array(4).fill(['aborted', 5]));
  });
});

describe('a builder that accepts connections and stays silent', () => {
  it('holds the slots for a minute', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    host.builders.freeze('a');
    const builds = host.queue({ count: 3 });
    host.advance(59.9);
    expect(host.machine('a')).toMatchObject({ currentJobs: 2, consecutiveFailures: 0 });
    expect(host.status).toMatchObject({ nrActiveSteps: 2, nrStepsBuilding: 0 });
    host.advance(0.3);
    expect(host.machine('a')).toMatchObject({ currentJobs: 0, consecutiveFailures: 1 });
    expect(builds.flatMap(outcomes)).toEqual(['transient', 'transient']);
  });

  it('that answers in time after all builds', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.builders.freeze('a');
    const [build] = host.queue();
    host.advance(40);
    host.builders.thaw('a');
    host.advance(12);
    expect(build?.status).toBe('succeeded');
  });
});

describe('a builder that dies', () => {
  it('loses what it builds at once, and the steps come back after a minute or so', () => {
    const host = TestHost.running(['a x86_64-linux - 3']);
    const builds = host.queue({ count: 3, seconds: 100 });
    host.advance(10);
    host.builders.kill('a');
    host.advance(0.1);
    expect(host.machine('a').currentJobs).toBe(3);
    host.advance(0.2);
    expect(host.machine('a')).toMatchObject({ currentJobs: 0, consecutiveFailures: 1, nrStepsDone: 0 });
    expect(host.lost.map((lost) => lost.phase)).toEqual(['building', 'building', 'building']);
    host.builders.start('a');
    host.advance(80);
    expect(builds.map(outcomes)).toEqual(Array(3).fill(['transient', 'running']));
  });

  it('while its outputs are copied back loses them, too', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    const builds = host.queue({ count: 2, outputMiB: 1000 });
    host.advance(19);
    expect(host.status).toMatchObject({ nrStepsCopyingFrom: 2, nrActiveSteps: 2 });
    expect(host.machine('a').currentJobs).toBe(0);
    host.builders.kill('a');
    host.advance(1);
    expect(host.status).toMatchObject({ nrStepsCopyingFrom: 0, nrActiveSteps: 0, nrRetries: 2 });
    expect(host.machine('a').consecutiveFailures).toBe(1);
    expect(host.lost.map((lost) => lost.phase)).toEqual(['copying-back', 'copying-back']);
    expect(builds.map(outcomes)).toEqual([['transient'], ['transient']]);
  });

  it('while a step waits for a copy slot loses it when the slot comes', () => {
    const host = TestHost.running(['a x86_64-linux', 'b x86_64-linux'], {
      settings: { maxLocalWorkerThreads: 1 },
    });
    host.queue({ count: 2, outputMiB: 1000 });
    host.advance(20);
    const waiting = host.machine('a').currentJobs === 1 ? 'a' : 'b';
    expect(host.status).toMatchObject({ nrStepsWaitingForDownloadSlot: 1, nrStepsCopyingFrom: 1 });
    host.builders.kill(waiting);
    host.advance(1);
    expect(host.machine(waiting)).toMatchObject({ currentJobs: 1, consecutiveFailures: 0 });
    host.advance(15);
    expect(host.machine(waiting)).toMatchObject({ currentJobs: 0, consecutiveFailures: 1 });
    expect(host.status).toMatchObject({ nrBuildsDone: 1, nrRetries: 1, nrStepsCopyingFrom: 0 });
  });
});

describe('a builder that freezes', () => {
  it('keeps its steps running for ever', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    host.queue({ count: 2 });
    host.advance(5);
    host.builders.freeze('a');
    host.list('b x86_64-linux - 0');
    host.goTo(24 * 3600);
    expect(host.machine('a')).toMatchObject({ enabled: false, currentJobs: 2, consecutiveFailures: 0 });
  });

  it('loses nothing when it thaws: what should have ended ends at once', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    const [short, long] = [...host.queue({ seconds: 15 }), ...host.queue({ seconds: 80 })];
    host.advance(5);
    host.builders.freeze('a');
    host.advance(60);
    host.builders.thaw('a');
    host.advance(0.5);
    expect([short?.status, long?.status]).toEqual(['succeeded', undefined]);
    host.advance(15.5);
    expect(long?.status).toBe('succeeded');
    expect(host.status.nrRetries).toBe(0);
    expect(host.lost).toEqual([]);
  });

  it('while copying back copies the rest after its thaw', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ outputMiB: 1000 });
    host.advance(18);
    host.builders.freeze('a');
    host.advance(300);
    expect(host.status.nrStepsCopyingFrom).toBe(1);
    host.builders.thaw('a');
    host.advance(2);
    expect(build?.status).toBeUndefined();
    host.advance(12);
    expect(build?.status).toBe('succeeded');
  });
});

describe('a builder that vanishes', () => {
  it('is only missed when TCP gives up after more than two hours, even if another takes its address', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue();
    host.advance(5);
    host.builders.vanish('a');
    host.advance(60);
    host.builders.start('a');
    host.advance(2 * 3600);
    expect(outcomes(build)).toEqual(['running']);
    host.advance(1200);
    expect(outcomes(build)).toEqual(['transient', 'succeeded']);
  });
});

describe('a builder that vanishes while an output waits to be copied', () => {
  it('does not deliver it, even if another takes its address', () => {
    const host = TestHost.running(['a x86_64-linux', 'b x86_64-linux'], {
      settings: { maxLocalWorkerThreads: 1 },
    });
    const builds = host.queue({ count: 2, outputMiB: 1000 });
    host.advance(20);
    const waiting = host.machine('a').currentJobs === 1 ? 'a' : 'b';
    host.builders.vanish(waiting);
    host.builders.start(waiting);
    host.advance(600);
    expect(host.status).toMatchObject({ nrStepsCopyingFrom: 1, nrBuildsDone: 1 });
    host.advance(3 * 3600);
    expect(builds.map((build) => build.tries.length).sort()).toEqual([1, 2]);
  });
});

describe('a builder that cannot do what its line says', () => {
  it('fails the step time and again without being disabled', () => {
    const host = TestHost.running(['a x86_64-linux - 1 1 kvm']);
    host.builders.setFeatures('a', []);
    const [build] = host.queue({ features: ['kvm'] });
    host.advance(1);
    expect(outcomes(build)).toEqual(['transient']);
    expect(host.machine('a').consecutiveFailures).toBe(0);
    host.advance(3600);
    expect([build?.status, build?.tries.length]).toEqual(['aborted', 5]);
  });

  it('loses every step when it is listed with another scheme than ssh', () => {
    const host = new TestHost();
    host.list('ssh-ng://a x86_64-linux');
    host.builders.start('a');
    host.runner.start();
    const [build] = host.queue();
    host.advance(1);
    expect(outcomes(build)).toEqual(['transient']);
    expect(host.status.machines['ssh-ng://a']?.consecutiveFailures).toBe(1);
  });
});
