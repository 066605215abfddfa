/** Looks up what the launches of a machine type need, for people who ask why there are none. */
import {
  DescribeLaunchTemplatesCommand,
  paginateDescribeSubnets,
  type EC2Client,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { FoundSubnet, Prerequisites } from '../../core/doctor/finding.ts';
import { mustBeListed } from '../answers.ts';
import { tryLaunch } from './dry-run.ts';
import { imageInWords, type ImageFinder } from './images.ts';
import { found } from '../found.ts';
import { instanceTypesOf } from './instance-types.ts';
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
    found(() => instanceTypesOf(ec2, type)),
    found(() => templateId(ec2, type.launchTemplate)),
    found(() => freeAddresses(ec2, type.subnets)),
  ]);
  const trials = image.ok
    ? {
        ok: true as const,
        value: await tryLaunch(ec2, type, { imageId: image.value.id, instanceTypes }, tags),
      }
    : image;
  return { image, instanceTypes, launchTemplate, subnets, trials };
}

function noImage({ image }: MachineType): never {
  throw new Error(`no available image matches ${imageInWords(image)}`);
}

async function templateId(ec2: EC2Client, name: string): Promise<string> {
  const { LaunchTemplates } = await ec2.send(
    new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] }),
  );
  const [template] = mustBeListed(LaunchTemplates, 'DescribeLaunchTemplates');
  if (template?.LaunchTemplateId === undefined) throw new Error(`there is no launch template ${name}`);
  return template.LaunchTemplateId;
}

async function freeAddresses(ec2: EC2Client, ids: readonly string[]): Promise<FoundSubnet[]> {
  if (ids.length === 0) return [];
  const subnets: Subnet[] = [];
  for await (const page of paginateDescribeSubnets({ client: ec2 }, { SubnetIds: [...ids] })) {
    subnets.push(...mustBeListed(page.Subnets, 'DescribeSubnets'));
  }
  return subnets.map(
    ({ SubnetId: subnet = '', AvailableIpAddressCount: freeAddresses, AvailabilityZone: zone }) => {
      if (freeAddresses === undefined)
        throw new Error(`AWS does not say how many addresses ${subnet} has left`);
      return { subnet, freeAddresses, ...(zone !== undefined && { zone }) };
    },
  );
}
