import { describe, expect, it } from 'vitest';
import { outcomes, TestHost } from './host.ts';

describe('a restart', () => {
  const restarted = (stop: (host: TestHost) => void): { host: TestHost; build: () => string[][] } => {
    const host = TestHost.running(['a x86_64-linux - 2', 'b x86_64-linux']);
    host.builders.kill('b');
    const builds = host.queue({ count: 6, seconds: 20 });
    host.goTo(30);
    stop(host);
    host.goTo(31);
    host.runner.start();
    return { host, build: () => builds.map((build) => [...outcomes(build)]) };
  };

  it.each<[string, (host: TestHost) => void]>([
    [
      'a stop',
      (host) => {
        host.runner.stop();
      },
    ],
    [
      'a kill',
      (host) => {
        host.runner.kill();
      },
    ],
  ])('after %s loses what was under way, which is no retry', (_, stop) => {
    const { host, build } = restarted(stop);
    expect(host.lost.filter((lost) => lost.cause === 'runner').map((lost) => lost.phase)).toEqual([
      'building',
      'building',
    ]);
    expect(
      build()
        .flat()
        .filter((outcome) => outcome === 'lost'),
    ).toHaveLength(2);
    host.advance(0.4);
    // One step has met the other machine, which refuses still.
    expect(host.status).toMatchObject({ nrRetries: 1, nrRunnableSteps: 2 });
    expect(host.machine('a')).toMatchObject({ currentJobs: 2, consecutiveFailures: 0 });
    host.goTo(300);
    expect(host.status).toMatchObject({ nrQueuedBuilds: 0, nrBuildsDone: 4 });
  });

  it('forgets all history of machines and back-offs, but not the time jobsets have used', () => {
    const { host } = restarted((each) => {
      each.runner.stop();
    });
    const charged = 40;
    host.advance(0.025);
    expect(host.status).toMatchObject({ uptime: 0, machines: {}, jobsets: {} });
    host.advance(0.3);
    expect(host.machine('a')).toMatchObject({ nrStepsDone: 0 });
    expect(host.machine('b')).toMatchObject({ disabledUntil: expect.any(Number) as number });
    expect(host.status.jobsets['demo:release']?.seconds).toBeGreaterThanOrEqual(charged);
    expect(host.status).toMatchObject({ nrStepsDone: 0, nrBuildsDone: 0, uptime: 0 });
  });

  it('draws the same back-offs again', () => {
    const { host } = restarted((each) => {
      each.runner.stop();
    });
    host.advance(1);
    const { disabledUntil, lastFailure } = host.machine('b');
    expect(disabledUntil - lastFailure).toBe(73);
  });

  it('gives the program another number and refuses a second one', () => {
    const { host } = restarted((each) => {
      each.runner.stop();
    });
    host.advance(1);
    expect(host.status.pid).toBe(102);
    expect(() => {
      host.runner.start();
    }).toThrow('already running');
    expect(() => {
      host.runner.unlock();
    }).toThrow('currently running');
  });

  it('right after a stop keeps the new dump', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.stop();
    host.runner.start();
    host.advance(1);
    expect(host.runner.running).toBe(true);
    expect(host.status).toMatchObject({ status: 'up', uptime: 1 });
  });

  it('finds builds queued and leaves out builds cancelled while it was down', () => {
    const host = TestHost.running([]);
    const builds = host.queue({ count: 3 });
    host.advance(1);
    host.runner.stop();
    host.queue({ count: 2 });
    host.runner.cancel(builds.slice(1));
    host.runner.start();
    host.advance(1);
    expect(host.status).toMatchObject({ nrQueuedBuilds: 3, nrBuildsRead: 3, nrRunnableSteps: 3 });
    host.queue();
    host.advance(1);
    expect(host.status).toMatchObject({ nrQueuedBuilds: 4, nrBuildsRead: 4, nrRunnableSteps: 4 });
  });
});

describe('a hung program', () => {
  it('does nothing while builders go on, and catches up when it resumes', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const builds = host.queue({ count: 3, seconds: 10 });
    host.goTo(5);
    host.runner.hang();
    host.list('a x86_64-linux', 'b x86_64-linux - 0');
    host.queue({ count: 1 });
    host.goTo(100);
    expect(builds.filter((build) => build.startedAt !== undefined)).toHaveLength(1);
    expect(builds.some((build) => build.status !== undefined)).toBe(false);
    host.runner.resume();
    host.advance(0.3);
    expect(builds.filter((build) => build.status === 'succeeded')).toHaveLength(1);
    expect(Object.keys(host.status.machines)).toEqual(['ssh://a', 'ssh://b']);
    expect(host.status).toMatchObject({ nrQueuedBuilds: 3, nrActiveSteps: 1 });
  });

  it('hears of the end of a build before it hears of the death of its builder', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const [build] = host.queue({ fail: true });
    host.goTo(5);
    host.runner.hang();
    host.goTo(20);
    host.builders.kill('a');
    host.goTo(30);
    host.runner.resume();
    host.advance(1);
    expect(outcomes(build)).toEqual(['failed']);
    expect(host.machine('a').consecutiveFailures).toBe(0);
  });

  it('can be killed', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.hang();
    host.runner.kill();
    host.runner.start();
    host.advance(1);
    expect(host.status.pid).toBe(102);
  });
});
