/** What the names of instance types say, checked on every name that AWS's own SDK knows. */
import { _InstanceType } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  familyOf,
  isSize,
  KNOWN_FAMILIES,
  partsOf,
  runs32BitArm,
} from '../../../lambdas/core/config/instance-families.ts';

const NAMES = Object.values(_InstanceType);
const processorOf = (name: string): string | undefined => familyOf(name)?.processor;

describe('every instance type of the SDK', () => {
  it('is of a known family and size, and its name tells a processor', () => {
    expect(NAMES.length).toBeGreaterThan(1000);
    expect(NAMES.filter((name) => !isSize(partsOf(name).size))).toEqual([]);
    expect(NAMES.filter((name) => !KNOWN_FAMILIES.includes(partsOf(name).family))).toEqual([]);
    expect(NAMES.filter((name) => processorOf(name) === undefined)).toEqual([]);
  });

  it('is in the list of families as long as it is sold', () => {
    const sold = new Set(NAMES.map((name) => partsOf(name).family));
    expect(KNOWN_FAMILIES.filter((family) => !sold.has(family))).toEqual([]);
  });
});

describe('a name', () => {
  it.each([
    ['c7i.2xlarge', { processor: 'x86_64', vendor: 'Intel', generation: 7 }],
    ['c7i-flex.large', { processor: 'x86_64', vendor: 'Intel' }],
    ['c7a.2xlarge', { processor: 'x86_64', vendor: 'AMD' }],
    ['c5.large', { processor: 'x86_64', vendor: 'Intel', generation: 5 }],
    ['m5a.large', { processor: 'x86_64', vendor: 'AMD' }],
    ['g4dn.xlarge', { processor: 'x86_64' }],
    ['g4ad.xlarge', { processor: 'x86_64', vendor: 'AMD' }],
    ['c7g.2xlarge', { processor: 'arm64', vendor: 'Graviton' }],
    ['c6gn.large', { processor: 'arm64', vendor: 'Graviton' }],
    ['t4g.small', { processor: 'arm64' }],
    ['x2gd.large', { processor: 'arm64' }],
    ['im4gn.large', { processor: 'arm64' }],
    ['is4gen.large', { processor: 'arm64' }],
    ['g5g.xlarge', { processor: 'arm64' }],
    ['hpc7g.16xlarge', { processor: 'arm64' }],
    ['a1.medium', { processor: 'arm64', generation: 1 }],
    ['p6e-gb200.36xlarge', { processor: 'arm64' }],
    ['u-6tb1.metal', { processor: 'x86_64' }],
    ['u7in-16tb.224xlarge', { processor: 'x86_64' }],
    ['mac2-m2.metal', { processor: 'mac' }],
    // Of next year, by the scheme.
    ['c10g.large', undefined],
    ['r9a.large', { processor: 'x86_64', vendor: 'AMD' }],
    ['zz9.large', undefined],
  ])('%s says %o', (name, facts) => {
    if (facts === undefined) expect(familyOf(name)).toBeUndefined();
    else expect(familyOf(name)).toMatchObject(facts);
  });

  it('tells whether 32-bit ARM runs', () => {
    const running = [
      'a1.large',
      't4g.large',
      'c6g.large',
      'c7gn.large',
      'c8g.large',
      'c9gd.large',
      'c7i.large',
    ].filter((name) => {
      const family = familyOf(name);
      return family !== undefined && runs32BitArm(family);
    });
    expect(running).toEqual(['a1.large', 't4g.large', 'c6g.large', 'c7gn.large']);
  });

  it.each(['2xlarg', '2xl', 'xxlarge', 'big', 'metal-', '4X', ''])('has no size %j', (size) => {
    expect(isSize(size)).toBe(false);
  });
});
