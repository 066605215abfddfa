/** What EC2 chooses instance types by, as it comes over the wire. */
import type { InstanceRequirementsRequest } from '@aws-sdk/client-ec2';
import { notSimulated } from '../../region/errors.ts';
import type { TypeRequirements } from '../../region/instance-choice.ts';

/** Every type of the region is of a current generation, not of bare metal and without accelerators: these change nothing. */
const TRUE_OF_ALL: Readonly<Record<string, (value: unknown) => boolean>> = {
  InstanceGenerations: (value) => Array.isArray(value) && value.includes('current'),
  BareMetal: (value) => value !== 'required',
  AcceleratorCount: (value) => JSON.stringify(value) === '{"Max":0}',
  LocalStorageTypes: (value) => Array.isArray(value) && value.includes('ssd'),
};

const HONOURED = new Set([
  'VCpuCount',
  'MemoryMiB',
  'CpuManufacturers',
  'ExcludedInstanceTypes',
  'AllowedInstanceTypes',
  'BurstablePerformance',
  'LocalStorage',
]);

/** @throws RegionError for a member that would have to be ignored */
export function toRequirements(input: InstanceRequirementsRequest): TypeRequirements {
  const unknown = Object.entries(input).find(
    ([name, value]) => !HONOURED.has(name) && TRUE_OF_ALL[name]?.(value) !== true,
  );
  if (unknown !== undefined)
    throw notSimulated(`the requirement ${unknown[0]} of ${JSON.stringify(unknown[1])}`);
  return {
    vcpus: boundsOf(input.VCpuCount),
    memoryMib: boundsOf(input.MemoryMiB),
    manufacturers: input.CpuManufacturers,
    excluded: input.ExcludedInstanceTypes,
    allowed: input.AllowedInstanceTypes,
    burstable: input.BurstablePerformance,
    localStorage: input.LocalStorage,
  };
}

const boundsOf = (
  range: { readonly Min?: number | undefined; readonly Max?: number | undefined } | undefined,
): TypeRequirements['vcpus'] => range && { min: range.Min, max: range.Max };
