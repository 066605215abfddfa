/** Looks up what the launches of a machine type need, for people who ask why there are none. */
import {
  DescribeLaunchTemplatesCommand,
  paginateDescribeInstanceTypes,
  paginateDescribeSubnets,
  type EC2Client,
  type InstanceTypeInfo,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { FoundInstanceType, Prerequisites } from '../../core/doctor/finding.ts';
import { mustBeListed } from '../answers.ts';
import { tryLaunch } from './dry-run.ts';
import { imageInWords, type ImageFinder } from './images.ts';
import { found } from '../found.ts';
import type { FarmTags } from './tags.ts';

/** Never throws: what could not be asked is missing for that reason. */
export async function findPrerequisites(
  ec2: EC2Client,
  images: ImageFinder,
  type: MachineType,
  tags: FarmTags,
): Promise<Prerequisites> {
  const [image, instanceTypes, launchTemplate, subnets] = await Promise.all([
    found(async () => (await images.look(type.image)) ?? noImage(type)),
    found(() => knownInstanceTypes(ec2, type.instanceTypes)),
    found(() => templateId(ec2, type.launchTemplate)),
    found(() => freeAddresses(ec2, type.subnets)),
  ]);
  const trials = image.ok
    ? { ok: true as const, value: await tryLaunch(ec2, type, image.value.id, tags) }
    : image;
  return { image, instanceTypes, launchTemplate, subnets, trials };
}

function noImage({ image }: MachineType): never {
  throw new Error(`no available image matches ${imageInWords(image)}`);
}

/** One that AWS does not know spoils a question by name, and matches nothing in one by filter. */
async function knownInstanceTypes(ec2: EC2Client, names: readonly string[]): Promise<FoundInstanceType[]> {
  const types: InstanceTypeInfo[] = [];
  const Filters = [{ Name: 'instance-type', Values: [...names] }];
  for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, { Filters }))
    types.push(...mustBeListed(page.InstanceTypes, 'DescribeInstanceTypes'));
  return types.map(({ InstanceType: name = '', VCpuInfo, ProcessorInfo }) => {
    const vcpus = VCpuInfo?.DefaultVCpus;
    const architectures = ProcessorInfo?.SupportedArchitectures;
    if (vcpus === undefined) throw new Error(`AWS does not say how many vCPUs ${name} has`);
    if (architectures === undefined) throw new Error(`AWS does not say of which architecture ${name} is`);
    return { name, vcpus, architectures };
  });
}

async function templateId(ec2: EC2Client, name: string): Promise<string> {
  const { LaunchTemplates } = await ec2.send(
    new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] }),
  );
  const [template] = mustBeListed(LaunchTemplates, 'DescribeLaunchTemplates');
  if (template?.LaunchTemplateId === undefined) throw new Error(`there is no launch template ${name}`);
  return template.LaunchTemplateId;
}

async function freeAddresses(
  ec2: EC2Client,
  ids: readonly string[],
): Promise<{ readonly subnet: string; readonly freeAddresses: number }[]> {
  if (ids.length === 0) return [];
  const subnets: Subnet[] = [];
  for await (const page of paginateDescribeSubnets({ client: ec2 }, { SubnetIds: [...ids] })) {
    subnets.push(...mustBeListed(page.Subnets, 'DescribeSubnets'));
  }
  return subnets.map(({ SubnetId: subnet = '', AvailableIpAddressCount: freeAddresses }) => {
    if (freeAddresses === undefined)
      throw new Error(`AWS does not say how many addresses ${subnet} has left`);
    return { subnet, freeAddresses };
  });
}
