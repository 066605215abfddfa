/** What befalls instances that were launched or started well. */
import { describe, expect, it } from 'vitest';
import { stateReason } from '../../../local/world/region/mishaps.ts';
import type { Mishap } from '../../../local/world/region/mishaps.ts';
import { RegionBench } from './bench.ts';

const REASON = stateReason('Client.InvalidKMSKey.InvalidState');
const ending = (when: 'pending' | number): Mishap => ({ kind: 'ends', when, reason: REASON });

describe('an instance that ends of itself', () => {
  it('does so while it is pending, is never billed, and says why', () => {
    const bench = new RegionBench();
    bench.region.mishaps.add(ending('pending'));
    const instance = bench.runOne();
    bench.advance(6);
    expect(instance.state).toBe('shutting-down');
    expect(instance.stateReason).toEqual({
      code: 'Client.InvalidKMSKey.InvalidState',
      message: 'Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state',
    });
    bench.advance(60);
    expect(instance.state).toBe('terminated');
    expect(bench.region.billing.intervals(instance.instanceId)).toEqual([]);
  });

  it('does so some seconds after it began to run, also when it ran before', () => {
    const bench = new RegionBench();
    const early = bench.runOne();
    bench.advance(18 + 10);
    bench.region.mishaps.add(ending(20));
    const late = bench.runOne();
    bench.advance(9);
    expect(early.state).toBe('running');
    bench.advance(2);
    expect([early.state, late.state]).toEqual(['shutting-down', 'pending']);
    bench.advance(18 + 10);
    expect(late.state).toBe('shutting-down');
  });

  it('is left alone once that is over, and when it ran for longer already', () => {
    const bench = new RegionBench();
    const old = bench.runOne();
    bench.advance(18 + 30);
    const end = bench.region.mishaps.add(ending(20));
    const instance = bench.runOne();
    bench.advance(18 + 10);
    end();
    bench.advance(600);
    expect([old.state, instance.state]).toEqual(['running', 'running']);
  });

  it.each([
    [{ market: 'spot' }, ['running', 'terminated', 'running']],
    [{ instanceType: 'c7a.large' }, ['running', 'running', 'terminated']],
    [{ subnet: 'subnet-0aaaaaaaaaaaaaaaa' }, ['terminated', 'terminated', 'terminated']],
    [{ subnet: 'subnet-0bbbbbbbbbbbbbbbb' }, ['running', 'running', 'running']],
    [{ tags: { type: 'kvm' } }, ['running', 'running', 'terminated']],
  ] as const)('is told apart by %o', (of, states) => {
    const bench = new RegionBench();
    bench.region.mishaps.add({ ...ending(20), of });
    const subnetId = 'subnet-0aaaaaaaaaaaaaaaa';
    const instances = [
      bench.runOne({ subnetId }),
      bench.runOne({ subnetId, market: 'spot' }),
      bench.runOne({ subnetId, instanceType: 'c7a.large', tags: { instance: { type: 'kvm' } } }),
    ];
    bench.advance(120);
    expect(instances.map(({ state }) => state)).toEqual(states);
  });

  it('is one of a part of all', () => {
    const bench = new RegionBench();
    bench.region.mishaps.add({ ...ending('pending'), share: 0.5 });
    const instances = bench.run({}, { minCount: 40, maxCount: 40 });
    bench.advance(30);
    const left = instances.filter(({ state }) => state === 'running').length;
    expect(left).toBeGreaterThan(8);
    expect(left).toBeLessThan(32);
  });
});

describe('a spot instance that AWS takes', () => {
  it.each([
    [120, ['running', 'shutting-down']],
    [0, ['shutting-down', 'shutting-down']],
  ] as const)('goes after its warning of %i s; others stay', (warningSeconds, states) => {
    const bench = new RegionBench();
    bench.region.mishaps.add({ kind: 'spot-taken', when: 15, warningSeconds });
    const [spot, other] = [bench.runOne({ market: 'spot' }), bench.runOne()];
    bench.advance(18 + 16);
    const first = spot.state;
    expect(spot.interrupted).toBe(warningSeconds > 0);
    bench.advance(warningSeconds);
    expect([first, spot.state]).toEqual(states);
    expect(other.state).toBe('running');
  });
});

describe('a start that is undone', () => {
  it('was accepted and leaves the instance stopped, with the reason; launches are none', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(60);
    bench.region.power.stop([instance.instanceId]);
    bench.advance(60);
    const end = bench.region.mishaps.add({
      kind: 'start-undone',
      reason: stateReason('Client.VolumeLimitExceeded'),
    });
    const launched = bench.runOne();
    bench.region.power.start([instance.instanceId]);
    expect(instance.state).toBe('pending');
    bench.advance(20);
    expect([instance.state, launched.state]).toEqual(['stopped', 'running']);
    expect(instance.stateReason?.code).toBe('Client.VolumeLimitExceeded');
    end();
    bench.region.power.start([instance.instanceId]);
    bench.advance(20);
    expect(instance.state).toBe('running');
  });
});
