/** Looks up what the launches of a machine type need, for people who ask why there are none. */
import {
  DescribeLaunchTemplatesCommand,
  paginateDescribeSubnets,
  type EC2Client,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { MachineType } from '../core/config/config.ts';
import type { Found, Prerequisites } from '../core/doctor/finding.ts';
import { judge, messageOf } from './aws-errors.ts';
import { mustBeListed } from './ec2-answers.ts';
import { imageInWords, type ImageFinder } from './ec2-images.ts';

/** Never throws: what could not be asked is missing for that reason. */
export async function findPrerequisites(
  ec2: EC2Client,
  images: ImageFinder,
  type: MachineType,
): Promise<Prerequisites> {
  const [image, launchTemplate, subnets] = await Promise.all([
    found(async () => (await images.find(type.image)) ?? noImage(type)),
    found(() => templateId(ec2, type.launchTemplate)),
    found(() => freeAddresses(ec2, type.subnets)),
  ]);
  return { image, launchTemplate, subnets };
}

async function found<T>(look: () => Promise<T>): Promise<Found<T>> {
  try {
    return { found: await look() };
  } catch (error) {
    const verdict = judge(error);
    return { missing: verdict.answered ? verdict.refusal.message : messageOf(error) };
  }
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

async function freeAddresses(
  ec2: EC2Client,
  ids: readonly string[],
): Promise<{ readonly subnet: string; readonly freeAddresses: number }[]> {
  if (ids.length === 0) return [];
  const subnets: Subnet[] = [];
  for await (const page of paginateDescribeSubnets({ client: ec2 }, { SubnetIds: [...ids] })) {
    subnets.push(...mustBeListed(page.Subnets, 'DescribeSubnets'));
  }
  return subnets.map(({ SubnetId = '', AvailableIpAddressCount = 0 }) => ({
    subnet: SubnetId,
    freeAddresses: AvailableIpAddressCount,
  }));
}
