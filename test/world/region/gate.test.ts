import { describe, expect, it } from 'vitest';
import { ReplyLostError } from '../../../local/world/region/errors.ts';
import type { ApiCall } from '../../../local/world/region/observers.ts';
import { RegionBench } from './bench.ts';

const start = { service: 'ec2', action: 'StartInstances', input: { InstanceIds: ['i-1'] } } as const;

describe('the gate', () => {
  it('lets a call pass and tells observers', async () => {
    const bench = new RegionBench();
    const calls: ApiCall[] = [];
    const stop = bench.region.observe({ call: (call) => calls.push(call) });
    expect(await bench.region.gate.call(start, () => 42)).toBe(42);
    bench.region.faults.next('StartInstances', { kind: 'error', code: 'IncorrectInstanceState' });
    await expect(bench.region.gate.call(start, () => 42)).rejects.toThrow();
    stop();
    await bench.region.gate.call(start, () => 42);
    expect(calls).toEqual([start, { ...start, errorCode: 'IncorrectInstanceState' }]);
  });

  it('meets the faults that were ordered, one a call', async () => {
    const bench = new RegionBench();
    let effects = 0;
    const call = (): Promise<number> => bench.region.gate.call(start, () => ++effects);
    const { faults } = bench.region;
    faults.next('StartInstances', { kind: 'throttle' });
    faults.next('StartInstances', { kind: 'error', code: 'InternalError', message: 'oops' });
    faults.next('StartInstances', { kind: 'lost-request' });
    faults.next('StartInstances', { kind: 'lost-reply' });
    faults.next('StopInstances', { kind: 'throttle' });
    await expect(call()).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
    await expect(call()).rejects.toMatchObject({ code: 'InternalError', message: 'oops' });
    await expect(call()).rejects.toBeInstanceOf(ReplyLostError);
    expect(effects).toBe(0);
    await expect(call()).rejects.toBeInstanceOf(ReplyLostError);
    expect(effects).toBe(1);
    expect(await call()).toBe(2);
  });

  it('delays an answer, not its effect', async () => {
    const bench = new RegionBench();
    bench.region.faults.next('StartInstances', { kind: 'delay', seconds: 10 });
    let effects = 0;
    let answers = 0;
    const answered = bench.region.gate.call(start, () => ++effects).then(() => ++answers);
    expect(effects).toBe(1);
    bench.advance(9);
    await Promise.resolve();
    expect(answers).toBe(0);
    bench.advance(1);
    await answered;
    expect(answers).toBe(1);
  });

  it('meets faults at a rate, of one action or all, until they are cleared', async () => {
    const bench = new RegionBench({ throttling: false });
    bench.region.faults.rate('*', { kind: 'throttle' }, 0.3);
    let refused = 0;
    const tryMany = async (): Promise<void> => {
      for (let index = 0; index < 300; index += 1) {
        await bench.region.gate.call(start, () => undefined).catch(() => (refused += 1));
      }
    };
    await tryMany();
    expect(refused).toBeGreaterThan(60);
    expect(refused).toBeLessThan(120);
    bench.region.faults.clear();
    refused = 0;
    await tryMany();
    expect(refused).toBe(0);
  });

  it('calls throttling by each service’s own name', async () => {
    const bench = new RegionBench();
    bench.region.faults.next('SendCommand', { kind: 'throttle' });
    const send = { service: 'ssm', action: 'SendCommand', input: {} } as const;
    await expect(bench.region.gate.call(send, () => 1)).rejects.toMatchObject({
      code: 'ThrottlingException',
    });
  });
});

describe('request limits', () => {
  const passing = async (bench: RegionBench, request: object, tries: number): Promise<number> => {
    let passed = 0;
    for (let index = 0; index < tries; index += 1) {
      await bench.region.gate
        .call({ service: 'ec2', action: 'StartInstances', input: {}, ...request }, () => (passed += 1))
        .catch(() => undefined);
    }
    return passed;
  };

  it('let five launches through at once and two more a second', async () => {
    const bench = new RegionBench();
    expect(await passing(bench, { action: 'RunInstances' }, 9)).toBe(5);
    bench.advance(1);
    expect(await passing(bench, { action: 'RunInstances' }, 9)).toBe(2);
    bench.advance(100);
    expect(await passing(bench, { action: 'RunInstances' }, 9)).toBe(5);
  });

  it('count instances too', async () => {
    const bench = new RegionBench();
    expect(await passing(bench, { resources: 600 }, 2)).toBe(1);
  });

  it('are tighter for a Describe without filter and page size', async () => {
    const bench = new RegionBench();
    expect(await passing(bench, { action: 'DescribeInstances', unfiltered: true }, 120)).toBe(50);
    expect(await passing(bench, { action: 'DescribeInstances' }, 120)).toBe(100);
  });
});
