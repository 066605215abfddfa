import {
  CancelSpotInstanceRequestsCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUBNET_A, X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName } from './bench.ts';

let bench: EndpointBench;
let id: string;
beforeEach(async () => {
  bench = await EndpointBench.start();
  const parameters = { imageId: X86_IMAGE, instanceType: 'c7i.large', market: 'spot' as const };
  const { instances } = bench.region.launcher.run({ parameters, minCount: 1, maxCount: 1 });
  id = instances[0]?.instanceId ?? '';
  bench.advance(60);
});
afterEach(() => bench.stop());

/** Another one, on demand, running. */
const onDemand = () => bench.region.seed({ imageId: X86_IMAGE, instanceType: 'c7i.large' }).instanceId;

it('takes an instance through its states', async () => {
  const InstanceIds = [onDemand()];
  const stopped = await bench.ec2.send(new StopInstancesCommand({ InstanceIds }));
  expect(stopped.StoppingInstances).toMatchObject([
    { CurrentState: { Name: 'stopping' }, PreviousState: { Name: 'running' } },
  ]);
  bench.advance(60);
  const started = await bench.ec2.send(new StartInstancesCommand({ InstanceIds }));
  expect(started.StartingInstances).toMatchObject([
    { CurrentState: { Name: 'pending' }, PreviousState: { Name: 'stopped' } },
  ]);
  expect(await errorName(bench.ec2.send(new RebootInstancesCommand({ InstanceIds })))).toBe(
    'IncorrectInstanceState',
  );
  bench.advance(60);
  expect(await errorName(bench.ec2.send(new RebootInstancesCommand({ InstanceIds })))).toBe('none');
  const ended = await bench.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(ended.TerminatingInstances).toMatchObject([{ CurrentState: { Name: 'shutting-down', Code: 32 } }]);
  expect(
    await errorName(
      bench.ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-bad', ...InstanceIds] })),
    ),
  ).toBe('InvalidInstanceID.Malformed');
});

it('finds images by owner, name, architecture and id', async () => {
  const find = async (architecture: string, owner = '427812963091') => {
    const Filters = [
      { Name: 'name', Values: ['nixos/26.05*'] },
      { Name: 'architecture', Values: [architecture] },
    ];
    const { Images = [] } = await bench.ec2.send(new DescribeImagesCommand({ Owners: [owner], Filters }));
    return Images.map(({ ImageId }) => ImageId);
  };
  expect(await find('x86_64')).toEqual(['ami-01111111111111111', X86_IMAGE]);
  expect(await find('arm64')).toEqual(['ami-03333333333333333', 'ami-04444444444444444']);
  expect(await find('x86_64', 'self')).toEqual([]);
  const unknown = new DescribeImagesCommand({ ImageIds: ['ami-0deadbeefdeadbeef'] });
  expect(await errorName(bench.ec2.send(unknown))).toBe('InvalidAMIID.NotFound');
});

it('shows regions, zones, networks, subnets and security groups', async () => {
  const { Regions } = await bench.ec2.send(new DescribeRegionsCommand());
  expect(Regions).toMatchObject([{ RegionName: 'us-east-1' }]);
  const { AvailabilityZones } = await bench.ec2.send(new DescribeAvailabilityZonesCommand());
  expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId])).toContainEqual([
    'us-east-1b',
    'use1-az2',
  ]);
  const { Vpcs } = await bench.ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'isDefault', Values: ['true'] }] }),
  );
  const vpc = Vpcs?.[0]?.VpcId ?? '';
  const { Subnets } = await bench.ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
  );
  expect(Subnets).toHaveLength(3);
  expect(Subnets?.[0]).toMatchObject({ SubnetId: SUBNET_A, AvailableIpAddressCount: 4090 });
  expect(await errorName(bench.ec2.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-0'] })))).toBe(
    'InvalidSubnetID.NotFound',
  );
  const groups = new DescribeSecurityGroupsCommand({
    Filters: [{ Name: 'group-name', Values: ['default'] }],
  });
  expect((await bench.ec2.send(groups)).SecurityGroups).toMatchObject([{ VpcId: vpc }]);
});

it('shows instance types, where they are offered, and their spot prices', async () => {
  const { InstanceTypes } = await bench.ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: ['c7g.xlarge'] }),
  );
  expect(InstanceTypes).toMatchObject([
    {
      VCpuInfo: { DefaultVCpus: 4 },
      MemoryInfo: { SizeInMiB: 8192 },
      ProcessorInfo: { SupportedArchitectures: ['arm64'] },
    },
  ]);
  const bogus = new DescribeInstanceTypesCommand({ InstanceTypes: ['z9.bogus' as 'c7i.large'] });
  expect(await errorName(bench.ec2.send(bogus))).toBe('InvalidInstanceType');
  let all = 0;
  for await (const page of paginateDescribeInstanceTypes({ client: bench.ec2, pageSize: 50 }, {})) {
    all += page.InstanceTypes?.length ?? 0;
  }
  expect(all).toBeGreaterThan(80);
  bench.region.capacity.withdraw({ instanceType: 'c7i.large', zone: 'us-east-1b' });
  const Filters = [{ Name: 'instance-type', Values: ['c7i.large'] }];
  const offerings = new DescribeInstanceTypeOfferingsCommand({ LocationType: 'availability-zone', Filters });
  const { InstanceTypeOfferings } = await bench.ec2.send(offerings);
  expect(InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual(['us-east-1a', 'us-east-1c']);
  const prices = new DescribeSpotPriceHistoryCommand({
    InstanceTypes: ['c7i.large'],
    ProductDescriptions: ['Linux/UNIX'],
  });
  const { SpotPriceHistory } = await bench.ec2.send(prices);
  expect(SpotPriceHistory?.map(({ SpotPrice }) => SpotPrice)).toEqual(['0.031237', '0.031237', '0.031237']);
});

it('shows and cancels spot requests', async () => {
  const find = async (code: string) => {
    const Filters = [
      { Name: 'instance-id', Values: [id] },
      { Name: 'status-code', Values: [code] },
    ];
    const { SpotInstanceRequests = [] } = await bench.ec2.send(
      new DescribeSpotInstanceRequestsCommand({ Filters }),
    );
    return SpotInstanceRequests;
  };
  expect(await find('fulfilled')).toMatchObject([{ InstanceId: id, State: 'active', Type: 'one-time' }]);
  bench.region.spot.interrupt(id);
  const [marked] = await find('marked-for-termination');
  const SpotInstanceRequestIds = [marked?.SpotInstanceRequestId ?? ''];
  const cancelled = await bench.ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds }));
  expect(cancelled.CancelledSpotInstanceRequests).toMatchObject([{ State: 'cancelled' }]);
  const unknown = new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ['sir-deadbeef'] });
  expect(await errorName(bench.ec2.send(unknown))).toBe('InvalidSpotInstanceRequestID.NotFound');
});

describe('tags', () => {
  it('are added, changed, found and removed', async () => {
    const Resources = [id];
    const tag = (Key: string, Value: string) => new CreateTagsCommand({ Resources, Tags: [{ Key, Value }] });
    await bench.ec2.send(tag('a', '<1>'));
    await bench.ec2.send(tag('a', '<2>'));
    await bench.ec2.send(tag('b', 'x'));
    const find = async () => {
      const Filters = [{ Name: 'resource-id', Values: Resources }];
      const { Tags = [] } = await bench.ec2.send(new DescribeTagsCommand({ Filters }));
      return Tags.map(({ Key, Value }) => `${Key}=${Value}`);
    };
    expect(await find()).toEqual(['a=<2>', 'b=x']);
    await bench.ec2.send(
      new DeleteTagsCommand({ Resources, Tags: [{ Key: 'a', Value: 'other' }, { Key: 'b' }] }),
    );
    expect(await find()).toEqual(['a=<2>']);
    await bench.ec2.send(new DeleteTagsCommand({ Resources }));
    expect(await find()).toEqual([]);
  });

  it('cannot have AWS’s own prefix or belong to what is not there', async () => {
    const tag = (resource: string, Key: string) =>
      errorName(bench.ec2.send(new CreateTagsCommand({ Resources: [resource], Tags: [{ Key, Value: '' }] })));
    expect(await tag(id, 'aws:x')).toBe('InvalidParameterValue');
    expect(await tag('i-0deadbeefdeadbeef', 'x')).toBe('InvalidInstanceID.NotFound');
    expect(await tag('lt-0deadbeefdeadbeef', 'x')).toBe('UnsupportedOperation');
  });
});

it('shows the console, attributes and volume of an instance', async () => {
  const console = await bench.ec2.send(new GetConsoleOutputCommand({ InstanceId: id, Latest: true }));
  expect(Buffer.from(console.Output ?? '', 'base64').toString()).toContain('SSH HOST KEY KEYS');
  const protect = (Value: boolean) =>
    bench.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value } }));
  await protect(true);
  const read = new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiTermination' });
  expect((await bench.ec2.send(read)).DisableApiTermination).toEqual({ Value: true });
  const terminate = () => errorName(bench.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
  expect(await terminate()).toBe('OperationNotPermitted');
  await protect(false);
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  const volumes = async () => (await bench.ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes;
  expect(await volumes()).toMatchObject([{ State: 'in-use', Attachments: [{ InstanceId: id }] }]);
  expect(await terminate()).toBe('none');
  bench.advance(60);
  expect(await volumes()).toEqual([]);
});
