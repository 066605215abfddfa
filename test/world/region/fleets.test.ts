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

/** Eight vCPUs of Intel or AMD, of the sixth generation on. */
const choice = (subnetId: string, changed: object = {}): FleetOption => ({
  template: { name: 'builders' },
  override: { subnetId },
  requirements: { vcpus: { min: 8, max: 8 }, memoryMib: { min: 1 }, excluded: ['c5.*', 'm*'], ...changed },
});
const byPrice = { order: { 'on-demand': 'price', spot: 'price' } } as const;

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

describe('CreateFleet with requirements', () => {
  const launched = (options: readonly FleetOption[], changed: Partial<FleetRequest> = {}) =>
    summary(new FleetBench().create({ options, ...byPrice, ...changed })).launched;

  it('chooses the cheapest that fits, of the image’s architecture, and none that is burstable', () => {
    expect(launched([choice(SUBNET_A), choice(SUBNET_B)])).toEqual(['2 on-demand c6a.2xlarge']);
    expect(launched([choice(SUBNET_A, { manufacturers: ['intel'] })])).toEqual(['2 on-demand c6i.2xlarge']);
    expect(launched([choice(SUBNET_A, { excluded: undefined, allowed: ['r7*'] })])).toEqual([
      '2 on-demand r7i.2xlarge',
    ]);
    expect(launched([choice(SUBNET_A, { burstable: 'required' })])).toEqual(['2 on-demand t3.2xlarge']);
  });

  it.each([
    [
      'more than four of them',
      Array.from({ length: 5 }, () => choice(SUBNET_A)),
      /^Your request contains more than the maximum allowed number of InstanceRequirements \(4\)$/,
    ],
    [
      'two that overlap and differ',
      [choice(SUBNET_A), choice(SUBNET_B, { excluded: [] })],
      /include overlapping values/,
    ],
    ['none of the two that are needed', [choice(SUBNET_A, { memoryMib: undefined })], /MemoryMiB/],
    ['a range that holds nothing', [choice(SUBNET_A, { vcpus: { min: 8, max: 4 } })], /VCpuCount\.Max/],
    ['a list of both kinds', [choice(SUBNET_A, { allowed: ['c7i.*'] })], /both Allowed/],
    [
      'an instance type beside them',
      [{ ...choice(SUBNET_A), override: { subnetId: SUBNET_A, instanceType: 'c7i.large' } }],
      /both InstanceType and/,
    ],
    ['nothing that meets them', [choice(SUBNET_A, { localStorage: 'required' })], /No instance types match/],
    ['priorities', [choice(SUBNET_A)], /does not simulate priorities/],
  ])('is refused with %s', (what, options, words) => {
    const order =
      what === 'priorities' ? ({ 'on-demand': 'priority', spot: 'price' } as const) : byPrice.order;
    expect(() => launched(options, { order })).toThrow(words);
  });

  it('may have some of what it chooses from refused, and takes the others', () => {
    const bench = new FleetBench();
    bench.region.refusals.add({
      action: 'CreateFleet',
      code: 'Unsupported',
      of: { instanceType: 'c6a.2xlarge' },
    });
    expect(summary(bench.create({ options: [choice(SUBNET_A)], ...byPrice })).launched).toEqual([
      '2 on-demand c6i.2xlarge',
    ]);
  });
});
