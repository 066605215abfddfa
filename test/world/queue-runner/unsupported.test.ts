import { describe, expect, it } from 'vitest';
import { TestHost } from './host.ts';

const atOnce = { settings: { maxUnsupportedTimeSeconds: 0 } };

describe('a step that no machine supports', () => {
  it('fails at once by default', () => {
    const host = TestHost.running(['a x86_64-linux'], atOnce);
    const builds = [
      ...host.queue({ count: 4, system: 'aarch64-linux' }),
      ...host.queue({ features: ['gpu'] }),
    ];
    host.advance(0.1);
    expect(builds.map((build) => build.status)).toEqual(Array(5).fill('unsupported'));
    expect(host.status).toMatchObject({
      nrBuildsDone: 5,
      nrStepsDone: 0,
      nrStepsStarted: 0,
      nrRunnableSteps: 0,
    });
  });

  it('stays in the counts by type until the dispatcher wakes again', () => {
    const host = TestHost.running(['a x86_64-linux'], atOnce);
    host.queue({ count: 8, system: 'aarch64-linux' });
    host.advance(20);
    const stale = host.status.machineTypes['aarch64-linux']?.runnable ?? 0;
    expect(stale).toBeGreaterThan(0);
    expect(host.status).toMatchObject({ nrRunnableSteps: 0, nrUnsupportedSteps: stale });
    host.queue();
    host.advance(1);
    expect(host.status.machineTypes['aarch64-linux']).toEqual({ runnable: 0, running: 0 });
    expect(host.status.nrUnsupportedSteps).toBe(0);
  });

  it('is kept by a placeholder line, and still when that line is gone, but not after a restart', () => {
    const host = TestHost.running(['placeholder aarch64-linux - 0'], atOnce);
    const [build] = host.queue({ system: 'aarch64-linux' });
    host.advance(1);
    expect(host.status).toMatchObject({
      nrUnsupportedSteps: 0,
      machineTypes: { 'aarch64-linux': { runnable: 1, running: 0 } },
    });
    host.list('a x86_64-linux');
    host.goTo(100);
    expect(host.machine('placeholder').enabled).toBe(false);
    expect([build?.status, host.status.nrUnsupportedSteps]).toEqual([undefined, 0]);
    host.runner.stop();
    host.runner.start();
    host.advance(1);
    expect(build?.status).toBe('unsupported');
  });

  it('waits for max_unsupported_time, and then for the dispatcher to wake', () => {
    const host = TestHost.running(['a x86_64-linux'], { settings: { maxUnsupportedTimeSeconds: 300 } });
    const [build] = host.queue({ system: 'aarch64-linux' });
    host.advance(290);
    host.queue({ seconds: 1 });
    host.advance(5);
    expect(build?.status).toBeUndefined();
    expect(host.status.nrUnsupportedSteps).toBe(1);
    host.advance(60);
    expect(build?.status).toBeUndefined();
    host.queue({ seconds: 1 });
    host.advance(1);
    expect(build?.status).toBe('unsupported');
  });

  it('begins to wait when a machine it was listed for is listed for something else', () => {
    const host = TestHost.running(['a aarch64-linux - 0'], { settings: { maxUnsupportedTimeSeconds: 300 } });
    const [build] = host.queue({ system: 'aarch64-linux' });
    host.goTo(400);
    host.file.touch();
    host.goTo(440);
    host.list('a x86_64-linux - 0');
    host.goTo(470);
    expect(host.status.nrUnsupportedSteps).toBe(1);
    expect(build?.status).toBeUndefined();
    host.goTo(719);
    host.file.touch();
    host.goTo(721);
    expect(build?.status).toBe('unsupported');
  });

  it('is aborted when the very first file was malformed', () => {
    const host = TestHost.running(['a x86_64-linux - four'], atOnce);
    const [build] = host.queue();
    host.goTo(4.9);
    expect(build?.status).toBeUndefined();
    host.goTo(5.2);
    expect(build?.status).toBe('unsupported');
  });
});
