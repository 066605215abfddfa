import { describe, expect, it } from 'vitest';
import type { Fleet, FleetOption, FleetRequest } from '../../../local/world/region/fleet-request.ts';
import { RegionBench, START, SUBNET_A, SUBNET_B, X86_IMAGE, refusal } from './bench.ts';

class FleetBench extends RegionBench {
  constructor(settings = {}) {
    super(settings);
    this.region.templates.create('builders', { imageId: X86_IMAGE, instanceType: 'c7i.large' }, START);
  }

  create(request: Partial<FleetRequest> = {}): Fleet {
    return this.region.fleets.create({
      options: [option('c7i.large', SUBNET_A), option('c7a.large', SUBNET_B)],
      onDemandCount: 2,
      spotCount: 0,
      order: { 'on-demand': 'priority', spot: 'priority' },
      tags: { instance: { farm: 'x' } },
      ...request,
    });
  }
}

const option = (instanceType: string, subnetId: string, priority?: number): FleetOption => ({
  template: { name: 'builders' },
  override: { instanceType, subnetId },
  priority,
});

const summary = ({ launches, refusals }: Fleet) => ({
  launched: launches.map(({ plan, instances, market }) => `${instances.length} ${market} ${plan.type.name}`),
  refused: refusals.map(({ option: { override }, error }) => `${override.instanceType} ${error.code}`),
});

describe('CreateFleet', () => {
  it('fills its pools in order and says where each fell short', () => {
    const bench = new FleetBench();
    bench.region.capacity.limit({ instanceType: 'c7i.large' }, 1);
    bench.region.capacity.limit({ instanceType: 'c7a.large' }, 2);
    expect(summary(bench.create({ onDemandCount: 5 }))).toEqual({
      launched: ['1 on-demand c7i.large', '2 on-demand c7a.large'],
      refused: ['c7i.large InsufficientInstanceCapacity', 'c7a.large InsufficientInstanceCapacity'],
    });
  });

  it('answers, rather than fails, when nothing at all can be had', () => {
    const bench = new FleetBench();
    bench.region.capacity.limit({}, 0);
    expect(summary(bench.create())).toMatchObject({
      launched: [],
      refused: [expect.any(String), expect.any(String)],
    });
  });

  it.each([
    ['price', undefined, 'c7i.large'],
    ['priority', undefined, 'c7a.large'],
    ['priority', 0, 'c7i.large'],
  ] as const)('goes by %s (priority %s): %s', (order, priority, first) => {
    const bench = new FleetBench();
    const options = [option('c7a.large', SUBNET_B), option('c7i.large', SUBNET_A, priority)];
    const fleet = bench.create({ options, order: { 'on-demand': order, spot: order } });
    expect(summary(fleet).launched).toEqual([`2 on-demand ${first}`]);
  });

  it('never takes more than the quota, however many pools there are', () => {
    const bench = new FleetBench({ onDemandVcpuQuota: 6 });
    bench.region.capacity.limit({ instanceType: 'c7i.large' }, 2);
    expect(summary(bench.create({ onDemandCount: 9 }))).toEqual({
      launched: ['2 on-demand c7i.large', '1 on-demand c7a.large'],
      refused: ['c7i.large InsufficientInstanceCapacity', 'c7a.large VcpuLimitExceeded'],
    });
  });

  it('launches nothing below its minimum', () => {
    const bench = new FleetBench();
    bench.region.capacity.limit({}, 1);
    expect(summary(bench.create({ onDemandCount: 3, minCount: 3 })).launched).toEqual([]);
    expect(bench.region.instances.all).toHaveLength(0);
  });

  it('mixes markets, tags its instances, and makes spot requests for spot', () => {
    const bench = new FleetBench();
    const fleet = bench.create({ onDemandCount: 1, spotCount: 2 });
    expect(summary(fleet).launched).toEqual(['1 on-demand c7i.large', '2 spot c7i.large']);
    expect(bench.region.spot.requests.map(({ state }) => state)).toEqual(['active', 'active']);
    expect(bench.region.instances.all[0]?.tags).toMatchObject({
      farm: 'x',
      'aws:ec2:fleet-id': fleet.fleetId,
    });
  });

  it('has its effect once for a token, even after the template has gone', () => {
    const bench = new FleetBench();
    const first = bench.create({ clientToken: 't' });
    bench.region.templates.delete({ name: 'builders' });
    expect(bench.create({ clientToken: 't' })).toBe(first);
    expect(refusal(() => bench.create({ clientToken: 't', onDemandCount: 3 }))).toBe(
      'IdempotentParameterMismatch',
    );
    expect(bench.region.instances.all).toHaveLength(2);
  });

  it('repeats the answer "nothing" for its token: a new attempt needs a new one', () => {
    const bench = new FleetBench();
    bench.region.capacity.limit({}, 0);
    bench.create({ clientToken: 't' });
    bench.region.capacity.limit({}, 9);
    expect(bench.create({ clientToken: 't' }).launches).toEqual([]);
    expect(bench.create({ clientToken: 'u' }).launches).toHaveLength(1);
  });

  it('tells what is wrong with one pool in its answer, and what is wrong with all of them at once', () => {
    const bench = new FleetBench();
    const options = [option('z9.bogus', SUBNET_A), option('c7a.large', SUBNET_B)];
    expect(summary(bench.create({ options }))).toEqual({
      launched: ['2 on-demand c7a.large'],
      refused: ['z9.bogus InvalidParameterValue'],
    });
    const unknown = { template: { name: 'nobody' }, override: {} };
    expect(refusal(() => bench.create({ options: [unknown] }))).toBe(
      'InvalidLaunchTemplateName.NotFoundException',
    );
    expect(refusal(() => bench.create({ options: [] }))).toBe('InvalidParameterValue');
    expect(refusal(() => bench.create({ onDemandCount: 0 }))).toBe('InvalidParameterValue');
    const twice = [option('c7a.large', SUBNET_A), option('c7a.large', SUBNET_A)];
    expect(refusal(() => bench.create({ options: twice }))).toBe('InvalidFleetConfig');
  });
});
