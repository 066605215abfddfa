import { describe, expect, it } from 'vitest';
import type { LaunchParameters } from '../../../local/world/region/launch-parameters.ts';
import { RegionBench, START, SUBNET_A, SUBNET_B, X86_IMAGE, refusal } from './bench.ts';

describe('RunInstances', () => {
  it('launches as many as there is room for, between minimum and maximum', () => {
    const bench = new RegionBench();
    bench.region.capacity.limit({ zone: 'us-east-1a' }, 3);
    const launched = bench.run({}, { minCount: 2, maxCount: 5 });
    expect(launched.map(({ launchIndex }) => launchIndex)).toEqual([0, 1, 2]);
    expect(new Set(launched.map(({ reservationId }) => reservationId)).size).toBe(1);
    expect(refusal(() => bench.run({}, { minCount: 1, maxCount: 5 }))).toBe('InsufficientInstanceCapacity');
    expect(bench.run({ subnetId: SUBNET_B }, { minCount: 4, maxCount: 4 })).toHaveLength(4);
  });

  it('counts what is pending, running and stopping against quota and capacity, but not what is stopped', () => {
    const bench = new RegionBench({ onDemandVcpuQuota: 8 });
    const { instanceId } = bench.runOne({ instanceType: 'c7i.2xlarge' });
    expect(refusal(() => bench.runOne())).toBe('VcpuLimitExceeded');
    expect(bench.runOne({ market: 'spot' }).market).toBe('spot');
    bench.advance(60);
    bench.region.power.stop([instanceId]);
    expect(refusal(() => bench.runOne())).toBe('VcpuLimitExceeded');
    bench.advance(30);
    expect(bench.run({}, { maxCount: 9 })).toHaveLength(4);
  });

  it('ends where a subnet has no free address, stopped instances holding theirs', () => {
    const bench = new RegionBench();
    const free = bench.region.network.freeAddresses(SUBNET_A);
    expect(free).toBe(4096 - 5);
    const { instanceId } = bench.runOne({ subnetId: SUBNET_A });
    bench.advance(60);
    bench.region.power.stop([instanceId]);
    bench.advance(60);
    expect(bench.region.network.freeAddresses(SUBNET_A)).toBe(free - 1);
    for (let taken = 1; taken < free; taken += 1)
      bench.region.network.takeAddress(bench.region.network.require(SUBNET_A));
    expect(refusal(() => bench.runOne({ subnetId: SUBNET_A }))).toBe('InsufficientFreeAddressesInSubnet');
  });

  it.each<[string, LaunchParameters]>([
    ['InvalidAMIID.NotFound', { imageId: 'ami-0deadbeefdeadbeef' }],
    ['InvalidAMIID.Malformed', { imageId: 'nixos' }],
    ['MissingParameter', { imageId: undefined }],
    ['InvalidParameterValue', { instanceType: 'z9.bogus' }],
    ['InvalidParameterValue', { instanceType: 'c7g.large' }],
    ['InvalidSubnetID.NotFound', { subnetId: 'subnet-0deadbeefdeadbeef' }],
    ['InvalidParameterValue', { zone: 'us-east-1z' }],
    ['InvalidParameterValue', { zone: 'us-east-1b', subnetId: SUBNET_A }],
    ['InvalidGroup.NotFound', { securityGroupIds: ['sg-0deadbeefdeadbeef'] }],
    ['InvalidUserData.Malformed', { userData: '#!/bin/sh' }],
    ['InvalidParameterValue', { userData: Buffer.alloc(16_385).toString('base64') }],
    ['SpotMaxPriceTooLow', { market: 'spot', spotPriceMax: 0.002 }],
    ['InvalidParameterValue', { tags: { instance: { 'aws:x': 'y' } } }],
    ['InvalidParameterValue', { tags: { instance: { k: 'v'.repeat(257) } } }],
  ])('refuses as %s: %o', (code, parameters) => {
    const bench = new RegionBench();
    expect(refusal(() => bench.runOne(parameters))).toBe(code);
    expect(bench.region.instances.all).toHaveLength(0);
  });

  it('refuses a pool that the zone does not offer', () => {
    const bench = new RegionBench();
    bench.region.capacity.withdraw({ instanceType: 'c7i.large', zone: 'us-east-1a' });
    expect(refusal(() => bench.runOne())).toBe('Unsupported');
    expect(bench.runOne({ zone: 'us-east-1b' }).subnet.zone).toBe('us-east-1b');
  });

  it.each([
    [0, 1],
    [2, 1],
  ])('refuses the counts %i to %i', (minCount, maxCount) => {
    expect(refusal(() => new RegionBench().run({}, { minCount, maxCount }))).toBe('InvalidParameterValue');
  });

  it('hides a new instance from other calls for a while', () => {
    const bench = new RegionBench({ hiddenSeconds: [3, 3] });
    const { instanceId } = bench.runOne();
    const { instances, power } = bench.region;
    expect(instances.visible(bench.timeline.now)).toEqual([]);
    expect(refusal(() => power.terminate([instanceId]))).toBe('InvalidInstanceID.NotFound');
    bench.advance(3);
    expect(instances.visible(bench.timeline.now)).toHaveLength(1);
    expect(refusal(() => power.terminate([instanceId]))).toBe('none');
  });
});

describe('a launch template', () => {
  const template: LaunchParameters = {
    imageId: X86_IMAGE,
    instanceType: 'c7i.large',
    subnetId: SUBNET_A,
    shutdownBehavior: 'terminate',
    metadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    tags: { instance: { a: 'template', b: 'template' }, volume: { v: 'template' } },
    inert: { EbsOptimized: true },
  };

  it('gives what the request does not say', () => {
    const bench = new RegionBench();
    const { id } = bench.region.templates.create('builders', template, START);
    const [instance] = bench.region.launcher.run({
      parameters: {
        instanceType: 'c7a.large',
        metadataOptions: { HttpPutResponseHopLimit: 1 },
        tags: { instance: { b: 'request' } },
      },
      template: { name: 'builders' },
      minCount: 1,
      maxCount: 1,
    }).instances;
    expect(instance).toMatchObject({
      type: { name: 'c7a.large' },
      subnet: { subnetId: SUBNET_A },
      shutdownBehavior: 'terminate',
      parameters: {
        metadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        inert: { EbsOptimized: true },
      },
    });
    expect(instance?.tags).toEqual({
      a: 'template',
      b: 'request',
      'aws:ec2launchtemplate:id': id,
      'aws:ec2launchtemplate:version': '1',
    });
  });

  it('has versions: the default one unless another is named', () => {
    const { templates } = new RegionBench().region;
    templates.create('builders', template, START);
    templates.addVersion({ name: 'builders' }, { ...template, instanceType: 'c7a.large' }, START);
    const typeOf = (version?: string) =>
      templates.resolve({ name: 'builders', version }).version.parameters.instanceType;
    expect([typeOf(), typeOf('$Default'), typeOf('1'), typeOf('$Latest'), typeOf('2')]).toEqual([
      'c7i.large',
      'c7i.large',
      'c7i.large',
      'c7a.large',
      'c7a.large',
    ]);
    expect(refusal(() => typeOf('3'))).toBe('InvalidLaunchTemplateId.VersionNotFound');
  });

  it('must exist, under one name, named one way', () => {
    const { templates } = new RegionBench().region;
    const { id } = templates.create('builders', template, START);
    expect(refusal(() => templates.create('builders', template, START))).toBe(
      'InvalidLaunchTemplateName.AlreadyExistsException',
    );
    expect(refusal(() => templates.create('a b', template, START))).toBe('InvalidParameterValue');
    expect(refusal(() => templates.require({ id, name: 'builders' }))).toBe('InvalidParameterCombination');
    expect(refusal(() => templates.require({}))).toBe('MissingParameter');
    templates.delete({ name: 'builders' });
    expect(refusal(() => templates.require({ name: 'builders' }))).toBe(
      'InvalidLaunchTemplateName.NotFoundException',
    );
    expect(refusal(() => templates.require({ id }))).toBe('InvalidLaunchTemplateId.NotFound');
  });

  it('gives up its subnet for a zone the request names', () => {
    const bench = new RegionBench();
    bench.region.templates.create('builders', template, START);
    const launch = { template: { name: 'builders' }, minCount: 1, maxCount: 1 };
    const [instance] = bench.region.launcher.run({ ...launch, parameters: { zone: 'us-east-1b' } }).instances;
    expect(instance?.subnet.subnetId).toBe(SUBNET_B);
  });
});
