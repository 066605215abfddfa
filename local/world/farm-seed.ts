/** What `cdk deploy` would have left in the region: a launch template for every machine type. */
import type { Config, MachineType } from '../../lambdas/core/config/config.ts';
import type { Subnet } from './region/network.ts';
import type { Region } from './region/region.ts';

/** Makes the farm's launch templates. Types that share one name (their own template) share it here too. */
export function seedTemplates(region: Region, config: Config): void {
  const byName = new Map(config.machineTypes.map((type) => [type.launchTemplate, type]));
  for (const [name, type] of byName) region.templates.create(name, parametersOf(type), region.timeline.now);
}

function parametersOf(type: MachineType): Parameters<Region['templates']['create']>[1] {
  const instanceType = type.instanceTypes[0];
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    metadataOptions: { HttpTokens: 'required' },
    shutdownBehavior: 'terminate',
  };
}

/** The subnets a configuration names, spread over the zones; undefined when it names none. */
export function subnetsOf(
  config: Config,
  regionName: string,
  zoneLetters: readonly string[],
): readonly Subnet[] | undefined {
  const ids = [...new Set(config.machineTypes.flatMap(({ subnets }) => subnets))];
  if (ids.length === 0) return undefined;
  return ids.map((subnetId, index) => ({
    subnetId,
    vpcId: 'vpc-0eeeeeeeeeeeeeeee',
    zone: `${regionName}${zoneLetters[index % zoneLetters.length] ?? 'a'}`,
    zoneId: `use1-az${(index % zoneLetters.length) + 1}`,
    cidr: `10.0.${index * 16}.0/20`,
  }));
}
