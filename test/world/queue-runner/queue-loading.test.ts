/** How a queue comes into the memory of the simulated queue runner. */
import { describe, expect, it } from 'vitest';
import { TestHost } from './host.ts';

const loadedAfter = (host: TestHost, seconds: number): number => {
  host.advance(seconds);
  return host.status.nrQueuedBuilds;
};

describe('builds that are queued at one instant', () => {
  it('are there at once when they are some hundred', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 334, seconds: 3600 });
    expect(loadedAfter(host, 2)).toBe(334);
  });

  it('come within half a minute when they are a large evaluation, and all kinds with them', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.queue(
      { count: 700, system: 'x86_64-linux', seconds: 3600 },
      { count: 100, system: 'aarch64-linux', seconds: 10 },
    );
    const [early, later] = [loadedAfter(host, 3), loadedAfter(host, 10)];
    expect(early).toBeGreaterThan(80);
    expect(later).toBeGreaterThan(early + 300);
    expect(later).toBeLessThan(500);
    expect(loadedAfter(host, 12)).toBe(800);
    const { machineTypes } = host.status;
    expect(machineTypes['aarch64-linux']).toEqual({ runnable: 100, running: 0 });
  });

  it('come so again after a restart', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 3000, seconds: 3600 });
    host.advance(120);
    host.runner.stop();
    host.advance(1);
    host.runner.start();
    expect(loadedAfter(host, 8)).toBeLessThan(300);
    expect(loadedAfter(host, 60)).toBeLessThan(2400);
    expect(loadedAfter(host, 30)).toBe(3000);
  });
});
