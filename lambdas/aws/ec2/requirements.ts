/** What machines must be like where EC2 chooses their instance type, as it is asked for it. Pure. */
import type { InstanceRequirementsRequest } from '@aws-sdk/client-ec2';
import type { InstanceRequirements, Range } from '../../core/config/instance-requirements.ts';
import { familyOf, isSize, partsOf } from '../../core/config/instance-families.ts';

const MIB_PER_GIB = 1024;

/**
 * EC2 excludes bare-metal and burstable ones by itself, and dear ones by its own price protection, and takes old
 * generations and accelerated ones where nothing is said (AWS: docs/develop/facts.md#ec2-instance-requirements).
 * @param without instance types to leave out besides.
 */
export function requirementsFor(
  required: InstanceRequirements,
  without: readonly string[] = [],
): InstanceRequirementsRequest {
  const { vCpus, memoryGiB, manufacturers, excludeFamilies, localDisk } = required;
  const excluded = [...excludeFamilies.map((family) => `${family}.*`), ...without];
  return {
    VCpuCount: rangeOf(vCpus, 1),
    MemoryMiB: rangeOf(memoryGiB, MIB_PER_GIB),
    CpuManufacturers: [...manufacturers],
    ...(excluded.length > 0 && { ExcludedInstanceTypes: excluded }),
    InstanceGenerations: ['current'],
    BareMetal: 'excluded',
    BurstablePerformance: 'excluded',
    AcceleratorCount: { Max: 0 },
    ...(localDisk && { LocalStorage: 'required', LocalStorageTypes: ['ssd'] }),
  };
}

const rangeOf = ({ min, max }: Range, unit: number): { Min: number; Max?: number } => ({
  Min: min * unit,
  ...(max !== undefined && { Max: max * unit }),
});

/** The instance type that AWS's words name; undefined where they name none. */
export const instanceTypeIn = (words: string): string | undefined =>
  words
    .split(/[^a-z0-9.-]+/)
    .map((word) => word.replace(/\.$/, ''))
    .find((word) => isSize(partsOf(word).size) && familyOf(word) !== undefined);
