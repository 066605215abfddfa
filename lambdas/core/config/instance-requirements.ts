/** What a type's machines must be like, where EC2 itself chooses the instance types: as people write it, and as the code uses it. */
import * as z from 'zod';
import type { Architecture } from './systems.ts';

const VCPUS_MAX = 1024;
const MEMORY_GIB_MAX = 32_768;

export const instanceRequirementsSchema = z
  .strictObject({
    vCpus: z
      .strictObject({
        min: z.int().min(1).max(VCPUS_MAX).describe('At least so many vCPUs'),
        max: z.int().min(1).max(VCPUS_MAX).optional().describe('At most so many'),
      })
      .describe('vCPUs of a machine'),
    memoryGiB: z
      .strictObject({
        min: z.int().min(1).max(MEMORY_GIB_MAX).describe('At least so many GiB'),
        max: z.int().min(1).max(MEMORY_GIB_MAX).optional().describe('At most so many'),
      })
      .describe('Memory of a machine'),
    architecture: z
      .enum(['x86_64', 'arm64'])
      .optional()
      .describe('Of its processor; default that of the type’s first system'),
    manufacturers: z
      .array(z.enum(['intel', 'amd', 'amazon-web-services']))
      .min(1)
      .optional()
      .describe('Whose processors; default all of that architecture'),
    excludeFamilies: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9*-]{1,28}$/, 'must be a family of instance types such as c5 or m5*')
          .describe('A family'),
      )
      .max(100)
      .default([])
      .describe('Families that are not wanted, such as c5, or m5* for all of that generation'),
    localDisk: z.boolean().default(false).describe('Whether it must have a local SSD'),
  })
  .describe(
    'What machines must be like, instead of instanceTypes: EC2 chooses whichever fit, current ones without burstable, bare-metal and accelerated ones',
  );

/** What they may be described by. */
export const requirementKeys: readonly string[] = Object.keys(instanceRequirementsSchema.shape);

type Written = z.output<typeof instanceRequirementsSchema>;
export type Manufacturer = NonNullable<Written['manufacturers']>[number];

/** Both ends included; no `max` is no upper end. */
export interface Range {
  readonly min: number;
  readonly max?: number;
}

export interface InstanceRequirements {
  readonly vCpus: Range;
  readonly memoryGiB: Range;
  readonly architecture: Architecture;
  readonly manufacturers: readonly Manufacturer[];
  /** As written: `*` stands for anything. */
  readonly excludeFamilies: readonly string[];
  readonly localDisk: boolean;
}

/** Whose processors there are. EC2's requirements know makers and no architectures, so these say both. */
export const MAKERS: Readonly<Record<Architecture, readonly Manufacturer[]>> = {
  x86_64: ['intel', 'amd'],
  arm64: ['amazon-web-services'],
};

/** @param architecture of the type's first system, where none is written. */
export function normaliseRequirements(written: Written, architecture: Architecture): InstanceRequirements {
  const { vCpus, memoryGiB, excludeFamilies, localDisk } = written;
  const of = written.architecture ?? architecture;
  return {
    vCpus: range(vCpus),
    memoryGiB: range(memoryGiB),
    architecture: of,
    manufacturers: written.manufacturers ?? MAKERS[of],
    excludeFamilies,
    localDisk,
  };
}

const range = ({ min, max }: Written['vCpus']): Range => ({ min, ...(max === undefined ? {} : { max }) });

/** Such as `8 to 16 vCPUs, 16 GiB or more of memory, x86_64`. */
export function requirementsInWords({ vCpus, memoryGiB, architecture }: InstanceRequirements): string {
  return `${rangeInWords(vCpus)} vCPUs, ${rangeInWords(memoryGiB)} GiB of memory, ${architecture}`;
}

const rangeInWords = ({ min, max }: Range): string => {
  if (max === undefined) return `${min} or more`;
  return min === max ? String(min) : `${min} to ${max}`;
};
