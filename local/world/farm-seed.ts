/** What a farm finds in its account: a launch template for every machine type, its images, its subnets. */
import type { Config } from '../../lambdas/core/config/config.ts';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import { fittingTypes } from './fitting-types.ts';
import type { Subnet } from './region/network.ts';
import type { Region } from './region/region.ts';

/** Makes those of the farm's launch templates that are not there yet. Types that share one name (their own template) share it here too. */
export function seedTemplates(region: Region, config: Config): void {
  const byName = new Map(config.machineTypes.map((type) => [type.launchTemplate, type]));
  const known = new Set(region.templates.all.map(({ name }) => name));
  for (const [name, type] of byName) {
    const { publicHostKey: hostKey } = type;
    if (!known.has(name)) region.templates.create(name, parametersOf(type), region.timeline.now, { hostKey });
  }
}

/** Adds the images a configuration asks for, unless the region has them already. */
export function seedImages(region: Region, config: Config): void {
  config.machineTypes.forEach(({ image, systems }, index) => {
    const architecture = systems[0]?.startsWith('aarch64') === true ? 'arm64' : 'x86_64';
    const wanted =
      'id' in image
        ? ({ id: image.id, owner: 'self', name: `image-of-type-${index + 1}`, architecture } as const)
        : image;
    const pattern = new RegExp(`^${wanted.name.split('*').map(RegExp.escape).join('.*')}$`);
    const has = region.images.all.some(
      (other) =>
        other.ownerId === wanted.owner &&
        other.architecture === wanted.architecture &&
        pattern.test(other.name),
    );
    if (has) return;
    region.images.register({
      imageId: 'id' in wanted ? wanted.id : `ami-0${String(index + 1).padStart(16, 'e')}`,
      name: wanted.name.replaceAll('*', '1'),
      ownerId: wanted.owner,
      architecture: wanted.architecture,
      createdAt: region.timeline.now - 86_400,
      prints: 'host-keys',
    });
  });
}

function parametersOf(type: MachineType): Parameters<Region['templates']['create']>[1] {
  const instanceType = fittingTypes(type)[0];
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    metadataOptions: { HttpTokens: 'required' },
    shutdownBehavior: 'terminate',
  };
}

/** The subnets these configurations name, spread over the zones; undefined when they name none. */
export function subnetsOf(
  configs: readonly Config[],
  regionName: string,
  zoneLetters: readonly string[],
): readonly Subnet[] | undefined {
  const types = configs.flatMap(({ machineTypes }) => machineTypes);
  const ids = [...new Set(types.flatMap(({ subnets }) => subnets))];
  if (ids.length === 0) return undefined;
  return ids.map((subnetId, index) => ({
    subnetId,
    vpcId: 'vpc-0eeeeeeeeeeeeeeee',
    zone: `${regionName}${zoneLetters[index % zoneLetters.length] ?? 'a'}`,
    zoneId: `use1-az${(index % zoneLetters.length) + 1}`,
    cidr: `10.0.${index * 16}.0/20`,
  }));
}
