import { describe, expect, it } from 'vitest';
import type { StatusResult } from '../../../local/world/queue-runner/status-result.ts';
import { TestHost, type FullStatus } from './host.ts';

const DOWN = '{"status":"down"}\n';

/** A `--status` call as it is made, in its own time. */
class Call {
  readonly startedAt: number;
  endedAt: number | undefined;
  result: StatusResult | undefined;

  constructor(host: TestHost) {
    this.startedAt = host.t;
    host.runner.callStatus((result) => {
      this.endedAt = host.t;
      this.result = result;
    });
  }

  get seconds(): number | undefined {
    return this.endedAt === undefined ? undefined : this.endedAt - this.startedAt;
  }

  get status(): FullStatus {
    return JSON.parse(this.result?.stdout ?? 'null') as FullStatus;
  }
}

describe('--status', () => {
  it('says down before the first start', () => {
    const host = new TestHost();
    expect(host.runner.status()).toMatchObject({ exit: 0, stdout: DOWN, stderr: '' });
    const call = new Call(host);
    host.advance(0.1);
    expect(call.result).toMatchObject({ exit: 0, stdout: DOWN });
  });

  it('says down after a clean stop', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.stop();
    host.advance(0.1);
    expect(host.runner.status()).toMatchObject({ exit: 0, stdout: DOWN });
  });

  it('answers with a dump of the moment, in hundredths of a second', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(10.5);
    const call = new Call(host);
    host.advance(1);
    expect(call.result).toMatchObject({ exit: 0, stderr: '' });
    expect(call.seconds).toBeLessThan(0.05);
    expect(call.status).toMatchObject({ status: 'up', uptime: 10 });
  });

  it('hangs and fails with the old dump while the program hangs, and not after', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(10);
    host.runner.status();
    host.runner.hang();
    host.goTo(20);
    expect(host.runner.status()).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('did not respond') as string,
    });
    const call = new Call(host);
    host.advance(6);
    expect(call.seconds).toBeCloseTo(5.0, 1);
    expect(call.result?.exit).toBe(1);
    expect(call.status).toMatchObject({ status: 'up', uptime: 10 });
    host.runner.resume();
    expect(host.status.uptime).toBe(26);
  });

  it('fails with the old dump after a kill, until somebody unlocks', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const before = host.runner.status().stdout;
    host.advance(5);
    host.runner.kill();
    expect(host.runner.status()).toMatchObject({ exit: 1, stdout: before, wallSeconds: 5.05 });
    host.runner.unlock();
    expect(host.runner.status()).toMatchObject({ exit: 0, stdout: DOWN });
  });

  it('fails with nothing while PostgreSQL is down', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.setDatabaseReachable(false);
    expect(host.runner.status()).toMatchObject({ exit: 1, stdout: '', wallSeconds: 0.04 });
    const call = new Call(host);
    host.advance(1);
    expect(call.result).toMatchObject({ exit: 1, stdout: '' });
    host.runner.setDatabaseReachable(true);
    expect(host.status.status).toBe('up');
  });

  it('that races a clean stop hangs and fails with the old dump', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.status();
    host.goTo(42);
    const call = new Call(host);
    host.advance(0.001);
    host.runner.stop();
    host.advance(6);
    expect(call.seconds).toBeCloseTo(5.0, 1);
    expect(call.result?.exit).toBe(1);
    expect(call.status).toMatchObject({ status: 'up', uptime: 1 });
    expect(host.runner.status().stdout).toBe(DOWN);
  });

  it('that hangs is answered early, and with an empty dump, by a program that starts meanwhile', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue({ count: 5 });
    host.advance(5);
    host.runner.status();
    host.runner.kill();
    host.advance(1);
    const call = new Call(host);
    host.advance(2);
    host.runner.start();
    host.advance(1);
    expect(call.seconds).toBeCloseTo(2.02, 1);
    expect(call.result?.exit).toBe(0);
    expect(call.status).toMatchObject({
      status: 'up',
      uptime: 0,
      machines: {},
      machineTypes: {},
      nrQueuedBuilds: 0,
      nrActiveSteps: 0,
      nrRunnableSteps: 0,
    });
  });

  it('that hangs is answered early by a program that resumes', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.runner.hang();
    const call = new Call(host);
    host.advance(3);
    host.runner.resume();
    expect(call.result?.exit).toBe(0);
    expect(call.seconds).toBeCloseTo(3, 1);
  });
});
