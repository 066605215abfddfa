/** Single questions to EC2 and SSM, and what their answers mean for a farm. */
import {
  DescribeVpcsCommand,
  paginateDescribeInstances,
  paginateDescribeSubnets,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import {
  paginateDescribeInstanceInformation,
  type InstanceInformation,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { mustBeListed } from '../../../lambdas/aws/answers.ts';
import { FARM_TAG, NAME_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { Candidate, FoundSubnet, Place } from './account-facts.ts';

/** A managed instance that is online and runs Linux. */
export interface Node {
  readonly instanceId: string;
  readonly name: string;
  readonly address: string;
  readonly platform: string;
}

const nodeOf = ({ InstanceId, ComputerName, IPAddress, PlatformName, Name }: InstanceInformation): Node => ({
  instanceId: InstanceId ?? '',
  // Nodes outside EC2 have the name they were registered with.
  name: Name ?? ComputerName ?? '',
  address: IPAddress ?? '',
  platform: PlatformName ?? 'Linux',
});

/** All of them, builders included. */
export async function nodes(ssm: SSMClient): Promise<readonly Node[]> {
  const found: Node[] = [];
  const Filters = [
    { Key: 'PingStatus', Values: ['Online'] },
    { Key: 'PlatformTypes', Values: ['Linux'] },
  ];
  for await (const page of paginateDescribeInstanceInformation({ client: ssm }, { Filters }))
    found.push(...mustBeListed(page.InstanceInformationList, 'DescribeInstanceInformation').map(nodeOf));
  return found;
}

/** The most values EC2 takes in one filter (AWS: docs/develop/facts.md#ec2-a-filter-takes-200-values). */
const FILTER_VALUES = 200;

/** By filter: an id that EC2 does not know spoils a question by id. */
export async function instances(ec2: EC2Client, ids: readonly string[]): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (let first = 0; first < ids.length; first += FILTER_VALUES) {
    const Filters = [{ Name: 'instance-id', Values: ids.slice(first, first + FILTER_VALUES) }];
    for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters }))
      for (const { Instances } of mustBeListed(page.Reservations, 'DescribeInstances'))
        found.push(...(Instances ?? []));
  }
  return found;
}

const tagOf = ({ Tags }: Instance, name: string): string | undefined =>
  Tags?.find(({ Key }) => Key === name)?.Value;

/** Those that no farm has launched, with the name people gave them. */
export function candidatesOf(all: readonly Node[], known: readonly Instance[]): readonly Candidate[] {
  const byId = new Map(known.map((instance) => [instance.InstanceId, instance]));
  return all.flatMap((node) => {
    const instance = byId.get(node.instanceId);
    if (instance !== undefined && tagOf(instance, FARM_TAG) !== undefined) return [];
    const name = instance && tagOf(instance, NAME_TAG);
    return [name === undefined || name === '' ? node : { ...node, name }];
  });
}

/** Undefined where it is not on EC2, or EC2 does not say. */
export function placeOf(instanceId: string, known: readonly Instance[]): Place | undefined {
  const instance = known.find(({ InstanceId }) => InstanceId === instanceId);
  const {
    VpcId: vpc,
    SubnetId: subnet,
    PrivateIpAddress: address,
    PublicIpAddress,
    SecurityGroups,
  } = instance ?? {};
  if (vpc === undefined || subnet === undefined || address === undefined) return undefined;
  const groups = (SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  return { vpc, subnet, groups, address, hasPublicAddress: PublicIpAddress !== undefined };
}

/** Its id, or `none`. */
export async function defaultVpc(ec2: EC2Client): Promise<string> {
  const Filters = [{ Name: 'is-default', Values: ['true'] }];
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
  return mustBeListed(Vpcs, 'DescribeVpcs')[0]?.VpcId ?? 'none';
}

/** @param isDefault whether it is the default VPC, whose own subnets give public addresses. */
export async function subnets(
  ec2: EC2Client,
  vpc: string,
  isDefault: boolean,
): Promise<readonly FoundSubnet[]> {
  const found: FoundSubnet[] = [];
  for await (const page of paginateDescribeSubnets(
    { client: ec2 },
    { Filters: [{ Name: 'vpc-id', Values: [vpc] }] },
  ))
    for (const subnet of mustBeListed(page.Subnets, 'DescribeSubnets'))
      found.push({
        vpc,
        subnet: subnet.SubnetId ?? '',
        zone: subnet.AvailabilityZone ?? '',
        freeAddresses: subnet.AvailableIpAddressCount ?? 0,
        isPublic: subnet.MapPublicIpOnLaunch === true || (isDefault && subnet.DefaultForAz === true),
      });
  return found;
}
