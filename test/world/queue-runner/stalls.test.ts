import { describe, expect, it } from 'vitest';
import { outcomes, START, TestHost } from './host.ts';

describe('a build that fails by its own fault', () => {
  it('is not tried again, counts as a step done and does not disable its machine', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ fail: true });
    host.advance(12);
    expect(build?.status).toBe('failed');
    expect(outcomes(build)).toEqual(['failed']);
    expect(host.status).toMatchObject({ nrRetries: 0, nrBuildsDone: 1, nrStepsDone: 1 });
    expect(host.machine('a')).toMatchObject({ consecutiveFailures: 0, nrStepsDone: 1, currentJobs: 0 });
  });

  it('leaves its slot unnoticed: the dispatcher sleeps on beside an idle machine', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 4, fail: true });
    host.advance(1000);
    expect(host.started).toHaveLength(1);
    expect(host.status).toMatchObject({
      nrRunnableSteps: 3,
      nrActiveSteps: 0,
      machineTypes: { 'x86_64-linux': { runnable: 3, running: 0 } },
    });
  });

  it.each<[string, (host: TestHost) => void]>([
    [
      'a touch of the machines file',
      (host) => {
        host.file.touch();
      },
    ],
    ['a new build', (host) => host.queue({ system: 'aarch64-linux' })],
  ])('lets %s start one more', (_, wake) => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 4, fail: true });
    host.advance(100);
    wake(host);
    host.advance(100);
    expect(host.started).toHaveLength(2);
    expect(host.status.nrRunnableSteps).toBeGreaterThanOrEqual(2);
  });

  it('is made good by the end of a good one, and by the end of a back-off', () => {
    const host = TestHost.running(['a x86_64-linux', 'b x86_64-linux', 'c aarch64-linux']);
    host.queue({ count: 3, fail: true, seconds: 5 });
    host.queue({ system: 'aarch64-linux', seconds: 20 });
    host.advance(15);
    expect(host.started).toHaveLength(3);
    host.advance(10);
    expect(host.started).toHaveLength(4);
    host.builders.kill('c');
    host.queue({ count: 1, system: 'aarch64-linux' });
    host.advance(1);
    host.queue({ count: 2, fail: true, seconds: 5 });
    host.advance(40);
    const before = host.started.length;
    host.queue({ count: 1, fail: true, seconds: 5 });
    host.advance(60);
    expect(host.started.length).toBeGreaterThan(before);
  });
});

describe('a cancelled build', () => {
  it('that waits is gone, while the counts by type stay as the dispatcher last saw them', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [running, ...waiting] = host.queue({ count: 6, seconds: 100 });
    host.advance(1);
    const queued = [...host.runner.unfinishedBuilds].filter((build) => build.startedAt === undefined);
    expect([running, ...waiting]).toHaveLength(6);
    host.runner.cancel(queued);
    host.advance(0.1);
    expect(queued.every((build) => build.status === 'cancelled')).toBe(true);
    expect(host.status).toMatchObject({
      nrQueuedBuilds: 1,
      nrRunnableSteps: 0,
      machineTypes: { 'x86_64-linux': { runnable: 5, running: 1 } },
    });
    host.advance(110);
    expect(host.status.machineTypes).toEqual({ 'x86_64-linux': { runnable: 0, running: 0 } });
  });

  it('that is being built disables its machine, is not tried again and wakes nobody', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ seconds: 100 });
    host.advance(10);
    host.queue({ seconds: 10 });
    host.advance(1);
    host.runner.cancel(build === undefined ? [] : [build]);
    host.advance(1);
    expect(build?.status).toBe('cancelled');
    expect(outcomes(build)).toEqual(['cancelled']);
    expect(host.machine('a')).toMatchObject({ currentJobs: 0, consecutiveFailures: 1, nrStepsDone: 1 });
    expect(host.machine('a').disabledUntil - START).toBe(12 + 73);
    expect(host.status).toMatchObject({ nrRetries: 0, nrBuildsDone: 0, nrRunnableSteps: 1 });
    expect(host.lost).toEqual([]);
    host.advance(200);
    expect(host.started).toHaveLength(1);
  });

  it('that waits for its next try is never tried again', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.builders.kill('a');
    const builds = host.queue({ count: 1 });
    host.advance(5);
    host.runner.cancel(builds);
    host.builders.start('a');
    host.advance(600);
    expect(builds.map((build) => [build.status, build.tries.length])).toEqual([['cancelled', 1]]);
    expect(host.status).toMatchObject({ nrRunnableSteps: 0, nrQueuedBuilds: 0, nrUnfinishedSteps: 0 });
  });

  it('that has ended stays as it is', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const builds = host.queue();
    host.advance(20);
    host.runner.cancel(builds);
    expect(builds[0]?.status).toBe('succeeded');
  });

  it('that is being copied back gives its copy slot to the next', () => {
    const host = TestHost.running(['a x86_64-linux - 2'], { settings: { maxLocalWorkerThreads: 1 } });
    const builds = host.queue({ count: 2, outputMiB: 5000 });
    host.advance(40);
    expect(host.status).toMatchObject({ nrStepsCopyingFrom: 1, nrStepsWaitingForDownloadSlot: 1 });
    host.runner.cancel(builds);
    host.advance(1);
    expect(host.status).toMatchObject({
      nrStepsCopyingFrom: 0,
      nrStepsWaitingForDownloadSlot: 0,
      nrActiveSteps: 0,
      nrUnfinishedSteps: 0,
    });
  });
});
