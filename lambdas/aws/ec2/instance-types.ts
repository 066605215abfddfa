/** The instance types a machine type names or allows, as AWS has them in this region. */
import {
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
  paginateGetInstanceTypesFromInstanceRequirements,
  type EC2Client,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import type { InstanceRequirements } from '../../core/config/instance-requirements.ts';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { FoundInstanceType } from '../../core/doctor/finding.ts';
import { mustBeListed } from '../answers.ts';
import { requirementsFor } from './requirements.ts';

/** The most values EC2 takes in one filter (AWS: docs/develop/facts.md#ec2-a-filter-takes-200-values). */
const FILTER_VALUES = 200;

/** With their zones where EC2 chooses among them. @throws when AWS cannot be asked, or says too little of one. */
export async function instanceTypesOf(ec2: EC2Client, type: MachineType): Promise<FoundInstanceType[]> {
  if (type.instanceRequirements === undefined) return known(ec2, type.instanceTypes);
  const names = await namesMeeting(ec2, type.instanceRequirements);
  const [types, zones] = await Promise.all([known(ec2, names), zonesOf(ec2, names)]);
  return types.map((one) => ({ ...one, zones: zones.get(one.name) ?? [] }));
}

/** It knows no prices: a launch leaves out some of these for being dear. */
async function namesMeeting(ec2: EC2Client, required: InstanceRequirements): Promise<readonly string[]> {
  const names: string[] = [];
  const asked = {
    ArchitectureTypes: [required.architecture],
    VirtualizationTypes: ['hvm' as const],
    InstanceRequirements: requirementsFor(required),
  };
  for await (const page of paginateGetInstanceTypesFromInstanceRequirements({ client: ec2 }, asked))
    for (const { InstanceType: name } of mustBeListed(
      page.InstanceTypes,
      'GetInstanceTypesFromInstanceRequirements',
    ))
      if (name !== undefined) names.push(name);
  return names;
}

/** One that AWS does not know spoils a question by name, and matches nothing in one by filter. */
async function known(ec2: EC2Client, names: readonly string[]): Promise<FoundInstanceType[]> {
  const types: InstanceTypeInfo[] = [];
  for (const Filters of filtersFor(names)) {
    for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, { Filters }))
      types.push(...mustBeListed(page.InstanceTypes, 'DescribeInstanceTypes'));
  }
  return types.map(({ InstanceType: name = '', VCpuInfo, ProcessorInfo }) => {
    const vcpus = VCpuInfo?.DefaultVCpus;
    const architectures = ProcessorInfo?.SupportedArchitectures;
    if (vcpus === undefined) throw new Error(`AWS does not say how many vCPUs ${name} has`);
    if (architectures === undefined) throw new Error(`AWS does not say of which architecture ${name} is`);
    return { name, vcpus, architectures };
  });
}

/** The zones that have each of them; nothing of one that AWS does not know. @throws when AWS cannot be asked. */
export async function zonesOf(
  ec2: EC2Client,
  names: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const zones = new Map<string, string[]>();
  for (const Filters of filtersFor(names)) {
    const asked = { LocationType: 'availability-zone' as const, Filters };
    for await (const page of paginateDescribeInstanceTypeOfferings({ client: ec2 }, asked))
      for (const { InstanceType: name = '', Location: zone = '' } of mustBeListed(
        page.InstanceTypeOfferings,
        'DescribeInstanceTypeOfferings',
      ))
        zones.set(name, [...(zones.get(name) ?? []), zone].toSorted());
  }
  return zones;
}

/** No question at all for no names: without a filter AWS would list everything. */
const filtersFor = (names: readonly string[]): { Name: string; Values: string[] }[][] =>
  Array.from({ length: Math.ceil(names.length / FILTER_VALUES) }, (_, index) => [
    {
      Name: 'instance-type',
      Values: names.slice(index * FILTER_VALUES, (index + 1) * FILTER_VALUES),
    },
  ]);
