/** What launches need, looked up in the simulated region. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { requirementsFor } from '../../../lambdas/aws/ec2/requirements.ts';
import { VCPU_QUOTA_CODES } from '../../../lambdas/aws/quotas/quota-codes.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type {
  FoundImage,
  FoundInstanceType,
  Prerequisites,
  VcpuQuota,
} from '../../../lambdas/core/doctor/finding.ts';
import type { Result } from '../../../lambdas/core/reason/result.ts';
import type { Market } from '../../../lambdas/core/model/index.ts';
import { toRequirements } from '../endpoint/ec2/requirements-input.ts';
import { RegionError } from '../region/errors.ts';
import { PLAIN_LINUX } from '../region/images.ts';
import { typesMeeting } from '../region/instance-choice.ts';
import { instanceTypeFacts } from '../region/instance-types.ts';
import type { InstanceTypeFacts } from '../region/instance-types.ts';
import type { Region } from '../region/region.ts';
import { vcpuQuota } from '../region/settings.ts';
import { trialsIn } from './world-dry-run.ts';

export async function prerequisitesIn(region: Region, type: MachineType): Promise<Prerequisites> {
  const { templates, network } = region;
  const image = lookUp(() => imageOf(region, type));
  const instanceTypes = { ok: true, value: foundTypes(region, type) } as const;
  return {
    image,
    trials: image.ok
      ? { ok: true, value: await trialsIn(region, type, { imageId: image.value.id, instanceTypes }) }
      : image,
    instanceTypes,
    launchTemplate: lookUp(() => templates.resolve({ name: type.launchTemplate }).template.id),
    subnets: lookUp(() =>
      type.subnets.map((subnet) => {
        const known = network.subnets.find(({ subnetId }) => subnetId === subnet);
        if (known === undefined)
          throw new RegionError('InvalidSubnetID.NotFound', `The subnet ID '${subnet}' does not exist`);
        return { subnet, freeAddresses: network.freeAddresses(subnet), zone: known.zone };
      }),
    ),
  };
}

export const vcpuQuotasIn = (
  { settings }: Region,
  markets: readonly Market[],
): ReadonlyMap<Market, Result<VcpuQuota>> =>
  new Map(
    markets.map((market) => [
      market,
      { ok: true, value: { code: VCPU_QUOTA_CODES[market], vcpus: vcpuQuota(settings, market) } },
    ]),
  );

function foundTypes(region: Region, type: MachineType): FoundInstanceType[] {
  const { instanceRequirements: required } = type;
  if (required === undefined)
    return type.instanceTypes.flatMap((name) => instanceTypeFacts(name) ?? []).map(foundType);
  const zones = [...new Set(region.network.subnets.map(({ zone }) => zone))].toSorted();
  const isOffered = (instanceType: string, zone: string): boolean =>
    region.capacity.offers({ instanceType, zone, market: 'on-demand' });
  return typesMeeting(toRequirements(requirementsFor(required)), required.architecture).map((facts) => ({
    ...foundType(facts),
    zones: zones.filter((zone) => isOffered(facts.name, zone)),
  }));
}

const foundType = ({ name, vcpus, architecture }: InstanceTypeFacts): FoundInstanceType => ({
  name,
  vcpus,
  architectures: [architecture],
});

function imageOf(region: Region, type: MachineType): FoundImage {
  const { imageId, architecture, platform, marketplaceCode } = region.images.require(imageFor(region, type));
  return {
    id: imageId,
    architecture,
    platform: platform ?? PLAIN_LINUX,
    isFromMarketplace: marketplaceCode !== undefined,
  };
}

/** One that is named by its id is taken at its word. @throws RegionError when the region has no such image. */
export function imageFor(region: Region, { image }: MachineType): string {
  if ('id' in image) return image.id;
  const name = new RegExp(`^${image.name.split('*').map(RegExp.escape).join('.*')}$`);
  const fitting = region.images.all.filter(
    (other) =>
      other.ownerId === image.owner && other.architecture === image.architecture && name.test(other.name),
  );
  const newest = fitting.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  if (newest !== undefined) return newest.imageId;
  throw new RegionError('InvalidAMIID.NotFound', `no image "${image.name}" of ${image.owner}`);
}

function lookUp<T>(look: () => T): Result<T> {
  try {
    return { ok: true, value: look() };
  } catch (error) {
    return { ok: false, problem: { says: messageOf(error) } };
  }
}
