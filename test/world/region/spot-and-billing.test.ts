import { describe, expect, it } from 'vitest';
import { billedSeconds } from '../../../local/world/region/billing.ts';
import type { RegionEvent } from '../../../local/world/region/observers.ts';
import { RegionBench, refusal } from './bench.ts';

function eventsOf(bench: RegionBench): RegionEvent[] {
  const events: RegionEvent[] = [];
  bench.region.observe({ event: (event) => events.push(event) });
  return events;
}

describe('a spot instance', () => {
  it('has a one-time request, cannot be stopped, and closes its request with its end', () => {
    const bench = new RegionBench();
    const { instanceId, spotRequestId } = bench.runOne({ market: 'spot' });
    bench.advance(60);
    expect(bench.region.spot.requests).toMatchObject([
      { id: spotRequestId, state: 'active', statusCode: 'fulfilled' },
    ]);
    expect(refusal(() => bench.region.power.stop([instanceId]))).toBe('UnsupportedOperation');
    bench.region.power.terminate([instanceId]);
    bench.advance(30);
    expect(bench.region.spot.requests).toMatchObject([
      { state: 'closed', statusCode: 'instance-terminated-by-user' },
    ]);
    bench.advance(3600);
    expect(bench.region.spot.requests).toEqual([]);
  });

  it('is taken two minutes after the warning', () => {
    const bench = new RegionBench();
    const events = eventsOf(bench);
    const instance = bench.runOne({ market: 'spot' });
    bench.advance(60);
    bench.region.spot.interrupt(instance.instanceId);
    expect(instance).toMatchObject({ interrupted: true, state: 'running' });
    expect(bench.region.spot.requests[0]?.statusCode).toBe('marked-for-termination');
    bench.advance(119);
    expect(instance.state).toBe('running');
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Spot Instance Interruption Warning',
      source: 'aws.ec2',
      detail: { 'instance-id': instance.instanceId, 'instance-action': 'terminate' },
    });
    bench.advance(1);
    expect(instance).toMatchObject({
      state: 'shutting-down',
      stateReason: { code: 'Server.SpotInstanceTermination' },
    });
    bench.advance(30);
    expect(bench.region.spot.requests[0]?.statusCode).toBe('instance-terminated-no-capacity');
  });

  it('may be taken without a warning, or warned that it may be', () => {
    const bench = new RegionBench();
    const events = eventsOf(bench);
    const instance = bench.runOne({ market: 'spot' });
    bench.advance(60);
    bench.region.spot.recommendRebalance(instance.instanceId);
    bench.advance(1);
    expect(events.at(-1)?.['detail-type']).toBe('EC2 Instance Rebalance Recommendation');
    bench.region.spot.interrupt(instance.instanceId, 0);
    bench.advance(0);
    expect(instance).toMatchObject({ state: 'shutting-down', interrupted: false });
    expect(() => bench.region.spot.interrupt(bench.runOne().instanceId)).toThrow(RangeError);
  });

  it('is taken at random as often as the region is set to', () => {
    const bench = new RegionBench({ spotInterruptionsPerHour: 0.5 });
    const launched = bench.run({ market: 'spot' }, { maxCount: 400 });
    bench.advance(3600);
    const taken = launched.filter(({ interrupted }) => interrupted).length;
    const expected = 400 * (1 - Math.exp(-0.5));
    expect(Math.abs(taken - expected)).toBeLessThan(40);
  });

  it('keeps running when its request is cancelled', () => {
    const bench = new RegionBench();
    const instance = bench.runOne({ market: 'spot' });
    const [request] = bench.region.spot.cancel([instance.spotRequestId ?? '']);
    expect(request).toMatchObject({
      state: 'cancelled',
      statusCode: 'request-canceled-and-instance-running',
    });
    bench.advance(60);
    expect(instance.state).toBe('running');
    expect(refusal(() => bench.region.spot.cancel(['sir-deadbeef']))).toBe(
      'InvalidSpotInstanceRequestID.NotFound',
    );
  });
});

it('every change of state is an event, without type or tags', () => {
  const bench = new RegionBench();
  const events = eventsOf(bench);
  const { instanceId } = bench.runOne({ tags: { instance: { secret: 'x' } } });
  bench.advance(60);
  bench.region.power.terminate([instanceId]);
  bench.advance(60);
  expect(events.map(({ detail }) => detail)).toEqual(
    ['pending', 'running', 'shutting-down', 'terminated'].map((state) => ({
      'instance-id': instanceId,
      state,
    })),
  );
  expect(events[0]).toMatchObject({
    'detail-type': 'EC2 Instance State-change Notification',
    time: '2027-01-15T08:00:00Z',
    resources: [`arn:aws:ec2:us-east-1:000000000000:instance/${instanceId}`],
  });
});

describe('the bill', () => {
  it.each([
    [0, 3600, 60],
    [59.5, 3600, 60],
    [61.2, 3600, 62],
    [3600, 3600, 3600],
    [3601, 7200, 3601],
  ])('of %f s is %i s by the hour and %i s by the second', (seconds, hourly, perSecond) => {
    expect(billedSeconds(seconds, 'hourly')).toBe(hourly);
    expect(billedSeconds(seconds, 'per-second')).toBe(perSecond);
  });

  it('counts each start by itself, from running to stopping', () => {
    const bench = new RegionBench();
    const { instanceId } = bench.runOne();
    const { billing, power } = bench.region;
    const bill = (kind: 'hourly' | 'per-second'): number =>
      billing.seconds(instanceId, kind, bench.timeline.now);
    expect(bill('hourly')).toBe(0);
    bench.advance(18 + 600);
    expect([bill('hourly'), bill('per-second')]).toEqual([3600, 600]);
    power.stop([instanceId]);
    bench.advance(1000);
    expect([bill('hourly'), bill('per-second')]).toEqual([3600, 600]);
    power.start([instanceId]);
    bench.advance(18 + 20);
    expect([bill('hourly'), bill('per-second')]).toEqual([7200, 660]);
    power.terminate([instanceId]);
    bench.advance(10_000);
    expect(billing.totalSeconds('hourly', bench.timeline.now)).toBe(7200);
    expect(billing.totalDollars('hourly', bench.timeline.now)).toBeCloseTo(2 * 0.08925, 6);
  });

  it('of a spot instance is lower', () => {
    const bench = new RegionBench({ spotPriceRatio: 0.5 });
    bench.runOne({ market: 'spot' });
    bench.advance(100);
    expect(bench.region.billing.totalDollars('hourly', bench.timeline.now)).toBeCloseTo(0.08925 / 2, 6);
  });
});
