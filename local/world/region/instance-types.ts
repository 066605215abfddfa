/** The instance types the region offers: families without local disks that people build on, all sizes. */

export type Architecture = 'x86_64' | 'arm64';

export interface InstanceTypeFacts {
  readonly name: string;
  readonly family: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Linux on demand, us-east-1, dollars an hour (AWS price list of 2026-07). */
  readonly dollarsPerHour: number;
  readonly nestedVirtualization: boolean;
}

interface Family {
  readonly architecture: Architecture;
  readonly memoryGibPerVcpu: number;
  /** Price of two vCPUs; every other size costs in proportion. */
  readonly largeDollars: number;
  readonly vcpusMax: number;
}

const family = (
  architecture: Architecture,
  memoryGibPerVcpu: number,
  largeDollars: number,
  vcpusMax: number,
): Family => ({ architecture, memoryGibPerVcpu, largeDollars, vcpusMax });

const FAMILIES: Readonly<Record<string, Family>> = {
  c7i: family('x86_64', 2, 0.08925, 192),
  c8i: family('x86_64', 2, 0.09371, 192),
  c7a: family('x86_64', 2, 0.10264, 192),
  c8a: family('x86_64', 2, 0.10777, 192),
  m7i: family('x86_64', 4, 0.1008, 192),
  m7a: family('x86_64', 4, 0.11592, 192),
  c7g: family('arm64', 2, 0.0725, 64),
  c8g: family('arm64', 2, 0.07976, 192),
  c9g: family('arm64', 2, 0.08694, 192),
  m8g: family('arm64', 4, 0.08976, 192),
  c5: family('x86_64', 2, 0.085, 96),
  c6i: family('x86_64', 2, 0.085, 128),
  c6a: family('x86_64', 2, 0.0765, 192),
  m5: family('x86_64', 4, 0.096, 96),
  m6i: family('x86_64', 4, 0.096, 128),
  m6a: family('x86_64', 4, 0.0864, 192),
  r6i: family('x86_64', 8, 0.126, 128),
  r7i: family('x86_64', 8, 0.1323, 192),
  r6a: family('x86_64', 8, 0.1134, 192),
  r7a: family('x86_64', 8, 0.15215, 192),
  t3: family('x86_64', 4, 0.0832, 8),
  c6g: family('arm64', 2, 0.068, 64),
  m6g: family('arm64', 4, 0.077, 64),
  m7g: family('arm64', 4, 0.0816, 64),
  r7g: family('arm64', 8, 0.1071, 64),
  t4g: family('arm64', 4, 0.0672, 8),
};

const VCPUS_BY_SIZE: Readonly<Record<string, number>> = {
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
  '48xlarge': 192,
};

/** Families whose virtual machines may run virtual machines of their own. */
const NESTED = new Set(['c8i']);

/** What is known of an instance type, or undefined for one the region does not have. */
export function instanceTypeFacts(name: string): InstanceTypeFacts | undefined {
  const [familyName = '', size = ''] = name.split('.');
  const facts = FAMILIES[familyName];
  const vcpus = VCPUS_BY_SIZE[size];
  if (facts === undefined || vcpus === undefined || vcpus > facts.vcpusMax) return undefined;
  return {
    name,
    family: familyName,
    architecture: facts.architecture,
    vcpus,
    memoryMib: vcpus * facts.memoryGibPerVcpu * 1024,
    dollarsPerHour: (facts.largeDollars * vcpus) / 2,
    nestedVirtualization: NESTED.has(familyName),
  };
}

export const allInstanceTypes: readonly InstanceTypeFacts[] = Object.keys(FAMILIES)
  .flatMap((name) => Object.keys(VCPUS_BY_SIZE).map((size) => instanceTypeFacts(`${name}.${size}`)))
  .filter((facts) => facts !== undefined);
