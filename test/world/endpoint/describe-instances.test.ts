import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  paginateDescribeInstances,
  type DescribeInstancesCommandInput,
  type Instance,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SUBNET_B, X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName } from './bench.ts';

let bench: EndpointBench;
beforeEach(async () => {
  bench = await EndpointBench.start();
});
afterEach(() => bench.stop());

async function describeAll(input: DescribeInstancesCommandInput = {}): Promise<Instance[]> {
  const { Reservations = [] } = await bench.ec2.send(new DescribeInstancesCommand(input));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const launch = (count: number, farm: string, extra: object = {}) =>
  bench.region.launcher.run({
    parameters: {
      imageId: X86_IMAGE,
      instanceType: 'c7i.large',
      tags: { instance: { farm, Name: 'b*' } },
      ...extra,
    },
    minCount: count,
    maxCount: count,
    clientToken: `token-${farm}`,
  }).instances;

describe('DescribeInstances', () => {
  it('shows what there is to see of an instance', async () => {
    const [{ instanceId, address } = { instanceId: '', address: '' }] = launch(1, 'x', {
      market: 'spot',
      metadataOptions: { HttpTokens: 'required' },
    });
    bench.advance(60);
    expect(await describeAll()).toMatchObject([
      {
        InstanceId: instanceId,
        State: { Name: 'running', Code: 16 },
        PrivateIpAddress: address,
        LaunchTime: new Date('2027-01-15T08:00:00Z'),
        InstanceLifecycle: 'spot',
        ClientToken: 'token-x',
        SubnetId: 'subnet-0aaaaaaaaaaaaaaaa',
        MetadataOptions: { HttpTokens: 'required', State: 'applied' },
        NetworkInterfaces: [{ Attachment: { AttachTime: new Date('2027-01-15T08:00:00Z') } }],
        Tags: [
          { Key: 'farm', Value: 'x' },
          { Key: 'Name', Value: 'b*' },
        ],
      },
    ]);
  });

  it('shows a terminated instance without address, and why it ended', async () => {
    const [instance] = launch(1, 'x');
    bench.region.power.terminate([instance?.instanceId ?? '']);
    bench.advance(60);
    const [seen] = await describeAll({ Filters: [{ Name: 'tag:farm', Values: ['x'] }] });
    expect(seen).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
      StateTransitionReason: 'User initiated (2027-01-15 08:00:00 GMT)',
    });
    expect(seen).not.toHaveProperty('PrivateIpAddress');
    expect(seen).not.toHaveProperty('SubnetId');
    expect(await describeAll({ Filters: [{ Name: 'private-ip-address', Values: ['10.*'] }] })).toEqual([]);
  });

  it.each<[string, string[], number]>([
    ['tag:farm', ['x'], 2],
    ['tag:farm', ['x', 'y'], 5],
    ['tag:farm', ['?'], 5],
    ['tag:Name', ['b\\*'], 5],
    ['tag:Name', ['\\b?'], 0],
    ['tag:farm', ['X'], 0],
    ['tag-key', ['farm'], 5],
    ['tag-value', ['y'], 3],
    ['instance-state-name', ['pending'], 5],
    ['instance-state-name', ['running', 'stopped'], 0],
    ['client-token', ['token-*'], 5],
    ['client-token', ['token-y'], 3],
    ['private-ip-address', ['10.0.16.4'], 1],
    ['availability-zone', ['us-east-1b'], 3],
    ['subnet-id', [SUBNET_B], 3],
    ['instance-type', ['c7i.*'], 5],
    ['instance-lifecycle', ['spot'], 0],
    ['image-id', [X86_IMAGE], 5],
  ])('filters by %s %o: %i', async (Name, Values, count) => {
    launch(2, 'x');
    launch(3, 'y', { subnetId: SUBNET_B });
    expect(await describeAll({ Filters: [{ Name, Values }] })).toHaveLength(count);
  });

  it('wants all filters to match, and by id too', async () => {
    const [first] = launch(2, 'x');
    launch(3, 'y', { subnetId: SUBNET_B });
    const both = [
      { Name: 'tag:farm', Values: ['y'] },
      { Name: 'private-ip-address', Values: ['10.0.16.4', '10.0.0.4'] },
    ];
    expect(await describeAll({ Filters: both })).toHaveLength(1);
    expect(await describeAll({ InstanceIds: [first?.instanceId ?? ''], Filters: both })).toHaveLength(0);
    expect(await describeAll({ InstanceIds: [first?.instanceId ?? ''] })).toHaveLength(1);
  });

  it('gives pages, whole and without repetition, while instances come and go', async () => {
    const launched = launch(23, 'x');
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client: bench.ec2, pageSize: 10 },
      {},
    )) {
      const ids = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
      sizes.push(ids.length);
      seen.push(...ids);
    }
    expect(sizes).toEqual([10, 10, 3]);
    expect(seen.toSorted()).toEqual(launched.map(({ instanceId }) => instanceId).toSorted());
    expect(await describeAll()).toHaveLength(23);
  });

  it.each<[string, DescribeInstancesCommandInput]>([
    ['InvalidParameterValue', { MaxResults: 4 }],
    ['InvalidParameterValue', { MaxResults: 1001 }],
    ['InvalidParameterValue', { NextToken: 'abc' }],
    ['InvalidParameterValue', { Filters: [{ Name: 'no-such-filter', Values: ['x'] }] }],
    ['InvalidParameterValue', { Filters: [{ Name: 'tag:farm' }] }],
    ['FilterLimitExceeded', { Filters: [{ Name: 'tag:farm', Values: Array.from({ length: 201 }, String) }] }],
    ['InvalidInstanceID.Malformed', { InstanceIds: ['i-1'] }],
    ['InvalidInstanceID.NotFound', { InstanceIds: ['i-0deadbeefdeadbeef'] }],
    ['InvalidParameterCombination', { InstanceIds: ['i-0deadbeefdeadbeef'], MaxResults: 5 }],
    ['DryRunOperation', { DryRun: true }],
  ])('is refused as %s: %o', async (name, input) => {
    expect(await errorName(describeAll(input))).toBe(name);
  });

  it('takes a token only for the question it came from', async () => {
    launch(12, 'x');
    const { NextToken } = await bench.ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }));
    const elsewhere = { Filters: [{ Name: 'tag:farm', Values: ['x'] }], MaxResults: 5, NextToken };
    expect(await errorName(describeAll(elsewhere))).toBe('InvalidParameterValue');
    expect(await describeAll({ MaxResults: 5, NextToken })).toHaveLength(5);
  });

  it('does not know a new instance at once, be it by id or filter', async () => {
    await bench.stop();
    bench = await EndpointBench.start({ settings: { hiddenSeconds: [2, 2] } });
    const [instance] = launch(1, 'x');
    const ids = { InstanceIds: [instance?.instanceId ?? ''] };
    expect(await errorName(describeAll(ids))).toBe('InvalidInstanceID.NotFound');
    expect(await describeAll({ Filters: [{ Name: 'tag:farm', Values: ['x'] }] })).toEqual([]);
    bench.advance(2);
    expect(await describeAll(ids)).toHaveLength(1);
  });
});

describe('DescribeInstanceStatus', () => {
  it('shows running instances, and the others only when asked to', async () => {
    launch(2, 'x');
    const statuses = async (IncludeAllInstances?: boolean): Promise<(string | undefined)[]> => {
      const answer = await bench.ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances }));
      return (answer.InstanceStatuses ?? []).map(
        ({ InstanceState, InstanceStatus }) => `${InstanceState?.Name} ${InstanceStatus?.Status}`,
      );
    };
    expect(await statuses()).toEqual([]);
    expect(await statuses(true)).toEqual(['pending initializing', 'pending initializing']);
    bench.advance(60);
    expect(await statuses()).toEqual(['running ok', 'running ok']);
  });
});
