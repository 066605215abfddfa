import { describe, expect, it } from 'vitest';
import { about } from '../../../lambdas/core/doctor/finding.ts';
import type { Finding, FoundInstanceType } from '../../../lambdas/core/doctor/finding.ts';
import { choiceInWords, examineInstanceTypes } from '../../../lambdas/core/doctor/instance-types.ts';
import { aType } from '../given.ts';

const intel = (name: string): FoundInstanceType => ({ name, vcpus: 8, architectures: ['x86_64'] });
const graviton = (name: string): FoundInstanceType => ({ name, vcpus: 8, architectures: ['arm64'] });

interface Given {
  readonly key: string;
  readonly found: readonly FoundInstanceType[];
  /** Of the image; none for an image that is missing. */
  readonly architecture?: string;
  /** What the configuration names, where AWS does not have it all. */
  readonly named?: readonly string[];
}

const findings = ({ key, found, architecture, named }: Given): readonly Finding[] => {
  const instanceTypes = [...(named ?? found.map(({ name }) => name))];
  const image =
    architecture === undefined
      ? ({ ok: false, problem: { says: 'no such image' } } as const)
      : ({ ok: true, value: { id: 'ami-1', architecture, isFromMarketplace: false } } as const);
  const said = examineInstanceTypes(aType(key, { instanceTypes }), {
    instanceTypes: { ok: true, value: found },
    image,
  });
  return about('launches', ...said);
};

const sayings = (given: Given): readonly string[] => findings(given).map(({ says }) => says);

describe('instance types', () => {
  it('that AWS has, of the architecture of system and image, are no finding', () => {
    const x86 = { found: [intel('c7i.2xlarge'), intel('c7a.2xlarge')], architecture: 'x86_64' };
    expect(findings({ key: 'x86_64-linux', ...x86 })).toEqual([]);
    expect(findings({ key: 'i686-linux', ...x86 })).toEqual([]);
    expect(
      findings({ key: 'aarch64-linux', found: [graviton('c7g.2xlarge')], architecture: 'arm64' }),
    ).toEqual([]);
  });

  it('that AWS does not have here are named, with a remedy', () => {
    const named = ['c7i.2xlarge', 'c99.2xlarge', 'z.bogus'];
    expect(
      findings({ key: 'x86_64-linux', named, found: [intel('c7i.2xlarge')], architecture: 'x86_64' }),
    ).toEqual([
      {
        check: 'launches',
        health: 'bad',
        says: 'AWS has no instance type c99.2xlarge, z.bogus in this region',
        remedy: expect.stringContaining('"instanceTypes" of x86_64-linux') as unknown,
      },
    ]);
  });

  it('of another architecture than the system’s are one finding, though the image does not fit either', () => {
    const found = [intel('c7i.2xlarge'), graviton('c7g.2xlarge')];
    expect(sayings({ key: 'x86_64-linux', found, architecture: 'x86_64' })).toEqual([
      'c7g.2xlarge (arm64) cannot build for x86_64-linux',
    ]);
    expect(findings({ key: 'aarch64-linux', found, architecture: 'arm64' })).toMatchObject([
      {
        health: 'bad',
        says: 'c7i.2xlarge (x86_64) cannot build for aarch64-linux',
        remedy: 'name only instance types for arm64 in "instanceTypes" of aarch64-linux',
      },
    ]);
  });

  it('that cannot boot the image are bad, though they fit the system', () => {
    const [finding, ...others] = findings({
      key: 'x86_64-linux',
      found: [intel('c7i.2xlarge')],
      architecture: 'arm64',
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      health: 'bad',
      says: 'c7i.2xlarge (x86_64) cannot boot the image ami-1, which is for arm64',
      remedy: expect.stringContaining('"image" of x86_64-linux') as unknown,
    });
  });

  it('need to be native for one of the systems only: for the others the image has to emulate', () => {
    const found = [intel('c7i.2xlarge')];
    for (const [key, foreign] of [
      ['x86_64-linux,aarch64-linux', 'aarch64-linux'],
      ['riscv64-linux', 'riscv64-linux'],
      ['aarch64-darwin', 'aarch64-darwin'],
    ] as const)
      expect(findings({ key, found, architecture: 'x86_64' })).toMatchObject([
        {
          health: 'doubtful',
          says: `c7i.2xlarge (x86_64) can build for ${foreign} by emulation only, and the image has to bring that`,
        },
      ]);
  });

  it('of x86 run 32 bits and every level of their processor by themselves', () => {
    const found = [intel('c7i.2xlarge')];
    const key = 'x86_64-linux,i686-linux,x86_64-v3-linux';
    expect(findings({ key, found, architecture: 'x86_64' })).toEqual([]);
    expect(
      findings({ key: 'armv7l-linux', found: [graviton('c7g.2xlarge')], architecture: 'arm64' }),
    ).toEqual([]);
  });

  it('are not held against an image that is not there', () => {
    expect(findings({ key: 'x86_64-linux', found: [intel('c7i.2xlarge')] })).toEqual([]);
  });

  it('that could not be asked for are doubtful, for the reason that was given', () => {
    const asked = examineInstanceTypes(aType(), {
      instanceTypes: { ok: false, problem: { says: 'you may not' } },
      image: { ok: false, problem: { says: 'you may not' } },
    });
    expect(asked).toMatchObject([
      { health: 'doubtful', says: 'the instance types could not be asked for: you may not' },
    ]);
    expect(asked[0]?.remedy).toBeTruthy();
  });
});

describe('instance types that EC2 chooses', () => {
  const type = aType('x86_64-linux', {
    instanceRequirements: {
      vCpus: { min: 8, max: 8 },
      memoryGiB: { min: 16 },
      excludeFamilies: [],
      localDisk: false,
    },
  });
  const image = { ok: false, problem: { says: 'no such image' } } as const;
  const zones = (...letters: readonly string[]) => letters.map((letter) => `us-east-1${letter}`);

  it('are bad where there are none', () => {
    const said = examineInstanceTypes(type, { instanceTypes: { ok: true, value: [] }, image });
    expect(about('launches', ...said)).toMatchObject([
      {
        health: 'bad',
        says: expect.stringContaining(
          'no instance type of 8 vCPUs, 16 or more GiB of memory, x86_64',
        ) as unknown,
        remedy: expect.stringContaining('"instanceRequirements" of x86_64-linux') as unknown,
      },
    ]);
  });

  it('are doubtful where AWS could not be asked, with its own name for the question', () => {
    const problem = { says: 'you may not' };
    const said = examineInstanceTypes(type, { instanceTypes: { ok: false, problem }, image });
    expect(said[0]?.remedy).toContain('get-instance-types-from-instance-requirements');
  });

  it('are counted zone by zone: those of the subnets, or all there are', () => {
    const required = type.instanceRequirements;
    if (required === undefined) throw new Error('nothing is required');
    const known = ['c7i', 'c7a', 'm7i', 'm7a', 'r7i', 'r7a'].map((family, index) => ({
      ...intel(`${family}.2xlarge`),
      zones: zones('a', ...(index > 3 ? ['b'] : [])),
    }));
    expect(choiceInWords(required, known, [])).toBe(
      '6 instance types of 8 vCPUs, 16 or more GiB of memory, x86_64 (c7i.2xlarge, c7a.2xlarge, m7i.2xlarge, m7a.2xlarge, ' +
        'r7i.2xlarge and 1 more), 6 in us-east-1a, 2 in us-east-1b, less those that cost much more than the cheapest',
    );
    const subnets = [{ subnet: 'subnet-1', freeAddresses: 9, zone: 'us-east-1c' }];
    expect(choiceInWords(required, known, subnets)).toContain('), 0 in us-east-1c, less');
  });
});
