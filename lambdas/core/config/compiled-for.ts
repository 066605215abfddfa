/** Features `gccarch-…`: steps that are compiled for one kind of processor, and crash on another. */
import { familyOf } from './instance-families.ts';
import type { InstanceFamily } from './instance-families.ts';

const PREFIX = 'gccarch-';

/** Whose processors run code for a kind, from which generation of EC2's families on. */
interface Kind {
  readonly of: RegExp;
  readonly vendors: readonly NonNullable<InstanceFamily['vendor']>[];
  readonly since: number;
}

/** GCC's names. Generations by AWS's pages of the instance types: c5 has Skylake, c6i Ice Lake, c6a Zen 3, and so on. */
const KINDS: readonly Kind[] = [
  { of: /^znver[12]$/, vendors: ['AMD'], since: 6 },
  { of: /^znver3$/, vendors: ['AMD'], since: 6 },
  { of: /^znver4$/, vendors: ['AMD'], since: 7 },
  { of: /^znver5$/, vendors: ['AMD'], since: 8 },
  {
    of: /^(core2|nehalem|westmere|sandybridge|ivybridge|haswell|broadwell)$/,
    vendors: ['Intel'],
    since: 5,
  },
  { of: /^skylake(-avx512)?$/, vendors: ['Intel'], since: 5 },
  { of: /^(cascadelake|icelake-server)$/, vendors: ['Intel'], since: 6 },
  { of: /^(sapphirerapids|emeraldrapids)$/, vendors: ['Intel'], since: 7 },
  { of: /^graniterapids$/, vendors: ['Intel'], since: 8 },
  { of: /^x86-64(-v[23])?$/, vendors: ['Intel', 'AMD'], since: 5 },
  { of: /^x86-64-v4$/, vendors: ['Intel', 'AMD'], since: 7 },
  { of: /^armv8-a$/, vendors: ['Graviton'], since: 1 },
  { of: /^armv8\.[1-2]-a$/, vendors: ['Graviton'], since: 4 },
];

/** Those of `instanceTypes` that cannot be promised to run what is compiled for `feature`; undefined if it is no such feature. */
export function unprovenFor(
  feature: string,
  instanceTypes: readonly string[],
): readonly string[] | undefined {
  if (!feature.startsWith(PREFIX)) return undefined;
  const kind = KINDS.find(({ of }) => of.test(feature.slice(PREFIX.length)));
  return instanceTypes.filter((name) => {
    const { vendor, generation = 0 } = familyOf(name) ?? {};
    return (
      kind === undefined || vendor === undefined || !kind.vendors.includes(vendor) || generation < kind.since
    );
  });
}
