import {
  CreateFleetCommand,
  RunInstancesCommand,
  type CreateFleetCommandInput,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUBNET_A, SUBNET_B, X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName } from './bench.ts';

let bench: EndpointBench;
beforeEach(async () => {
  bench = await EndpointBench.start();
});
afterEach(() => bench.stop());

const run = (input: Partial<RunInstancesCommandInput> = {}) =>
  bench.ec2.send(
    new RunInstancesCommand({
      ImageId: X86_IMAGE,
      InstanceType: 'c7i.large',
      MinCount: 1,
      MaxCount: 1,
      ...input,
    }),
  );

describe('RunInstances', () => {
  it('launches, once for each token', async () => {
    const input = { MaxCount: 3, ClientToken: 't-1' };
    const [first, second] = [await run(input), await run(input)];
    expect(first.Instances).toHaveLength(3);
    expect(second.Instances?.map(({ InstanceId }) => InstanceId)).toEqual(
      first.Instances?.map(({ InstanceId }) => InstanceId),
    );
    expect(await errorName(run({ ...input, MaxCount: 4 }))).toBe('IdempotentParameterMismatch');
    expect(bench.region.instances.all).toHaveLength(3);
  });

  it('merges its template in', async () => {
    await bench.createTemplate();
    const { Instances } = await bench.ec2.send(
      new RunInstancesCommand({
        LaunchTemplate: { LaunchTemplateName: 'builders' },
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'b', Value: 'request' }] }],
      }),
    );
    expect(Instances).toMatchObject([
      {
        InstanceType: 'c7i.large',
        SubnetId: SUBNET_B,
        MetadataOptions: { HttpTokens: 'required' },
        Tags: expect.arrayContaining([
          { Key: 'a', Value: 'template' },
          { Key: 'b', Value: 'request' },
        ]),
      },
    ]);
    expect(bench.region.instances.all[0]?.shutdownBehavior).toBe('terminate');
  });

  it.each<[string, Partial<RunInstancesCommandInput>]>([
    ['InvalidParameterValue', { InstanceType: 'z9.bogus' as 'c7i.large' }],
    ['InvalidAMIID.NotFound', { ImageId: 'ami-0deadbeefdeadbeef' }],
    ['InvalidLaunchTemplateName.NotFoundException', { LaunchTemplate: { LaunchTemplateName: 'nobody' } }],
    ['InvalidParameterValue', { InstanceInitiatedShutdownBehavior: 'explode' as 'stop' }],
    [
      'InvalidParameterValue',
      { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.0001' } } },
    ],
    [
      'UnsupportedOperation',
      { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'persistent' } } },
    ],
    ['UnsupportedOperation', { Placement: { GroupName: 'g' } }],
    ['UnsupportedOperation', { HibernationOptions: { Configured: true } }],
    [
      'InvalidParameterValue',
      { TagSpecifications: [{ ResourceType: 'instance' }, { ResourceType: 'instance' }] },
    ],
    ['DryRunOperation', { DryRun: true }],
    ['InvalidAMIID.NotFound', { DryRun: true, ImageId: 'ami-0deadbeefdeadbeef' }],
  ])('is refused as %s: %o', async (name, input) => {
    expect(await errorName(run(input))).toBe(name);
    expect(bench.region.instances.all).toHaveLength(0);
  });

  it('meets shortages as a server error, as EC2 has it', async () => {
    bench.region.capacity.limit({}, 0);
    await expect(run()).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
  });
});

describe('CreateFleet', () => {
  const fleet = (input: Partial<CreateFleetCommandInput> = {}) =>
    bench.ec2.send(
      new CreateFleetCommand({
        Type: 'instant',
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { LaunchTemplateName: 'builders', Version: '$Latest' },
            Overrides: [
              { InstanceType: 'c7i.large', SubnetId: SUBNET_A, Priority: 0 },
              { InstanceType: 'c7a.large', SubnetId: SUBNET_B, Priority: 1 },
            ],
          },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: 3, DefaultTargetCapacityType: 'on-demand' },
        OnDemandOptions: { AllocationStrategy: 'prioritized' },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'farm', Value: 'x' }] }],
        ...input,
      }),
    );

  it('answers 200 with what was had and what was not', async () => {
    await bench.createTemplate();
    bench.region.capacity.limit({ instanceType: 'c7i.large' }, 1);
    bench.region.capacity.limit({ instanceType: 'c7a.large' }, 1);
    const answer = await fleet();
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.Instances).toMatchObject([
      { InstanceType: 'c7i.large', Lifecycle: 'on-demand', InstanceIds: [expect.any(String)] },
      { InstanceType: 'c7a.large', LaunchTemplateAndOverrides: { Overrides: { SubnetId: SUBNET_B } } },
    ]);
    expect(answer.Errors).toMatchObject([
      {
        ErrorCode: 'InsufficientInstanceCapacity',
        LaunchTemplateAndOverrides: { Overrides: { InstanceType: 'c7i.large' } },
      },
      { ErrorCode: 'InsufficientInstanceCapacity', Lifecycle: 'on-demand' },
    ]);
  });

  it('has its effect once for each token', async () => {
    await bench.createTemplate();
    const [first, second] = [await fleet({ ClientToken: 't' }), await fleet({ ClientToken: 't' })];
    expect(second.Instances).toEqual(first.Instances);
    expect(bench.region.instances.all).toHaveLength(3);
  });

  it('launches spot where that is the default market', async () => {
    await bench.createTemplate();
    await fleet({
      TargetCapacitySpecification: {
        TotalTargetCapacity: 2,
        OnDemandTargetCapacity: 1,
        DefaultTargetCapacityType: 'spot',
      },
    });
    expect(bench.region.instances.all.map(({ market }) => market)).toEqual(['on-demand', 'spot']);
  });

  it.each<[string, Partial<CreateFleetCommandInput>]>([
    ['UnsupportedOperation', { Type: 'maintain' }],
    [
      'UnsupportedOperation',
      { TargetCapacitySpecification: { TotalTargetCapacity: 1, TargetCapacityUnitType: 'vcpu' } },
    ],
    ['InvalidParameterValue', { TargetCapacitySpecification: { TotalTargetCapacity: 0 } }],
    ['MissingParameter', { LaunchTemplateConfigs: [] }],
    [
      'InvalidLaunchTemplateName.NotFoundException',
      { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'nobody' } }] },
    ],
    [
      'UnsupportedOperation',
      {
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { LaunchTemplateName: 'builders' },
            Overrides: [{ WeightedCapacity: 2 }],
          },
        ],
      },
    ],
    ['DryRunOperation', { DryRun: true }],
  ])('is refused as %s: %o', async (name, input) => {
    await bench.createTemplate();
    expect(await errorName(fleet(input))).toBe(name);
    expect(bench.region.instances.all).toHaveLength(0);
  });
});
