/** What launches need, looked up in the simulated region. */
import type { MachineType } from '../../lambdas/core/config/config.ts';
import type { Found, Prerequisites } from '../../lambdas/core/doctor/finding.ts';
import { RegionError } from '../world/region/errors.ts';
import type { Region } from '../world/region/region.ts';

export function prerequisitesIn(region: Region, type: MachineType): Prerequisites {
  const { templates, network } = region;
  return {
    image: lookUp(() => imageFor(region, type)),
    launchTemplate: lookUp(() => templates.resolve({ name: type.launchTemplate }).template.id),
    subnets: lookUp(() =>
      type.subnets.map((subnet) => {
        const isKnown = network.subnets.some(({ subnetId }) => subnetId === subnet);
        if (!isKnown)
          throw new RegionError('InvalidSubnetID.NotFound', `The subnet ID '${subnet}' does not exist`);
        return { subnet, freeAddresses: network.freeAddresses(subnet) };
      }),
    ),
  };
}

/** @throws RegionError when the region has no such image. */
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

function lookUp<T>(look: () => T): Found<T> {
  try {
    return { found: look() };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
