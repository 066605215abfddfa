import { describe, expect, it } from 'vitest';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Finding, FoundInstanceType } from '../../../lambdas/core/doctor/finding.ts';
import { examineQuotas, marketsIn } from '../../../lambdas/core/doctor/quota.ts';
import type { Limited } from '../../../lambdas/core/doctor/quota.ts';
import { aConfig, aType } from '../given.ts';

const VCPUS: Readonly<Record<string, number>> = {
  'c7i.2xlarge': 8,
  'c7i.8xlarge': 32,
  'c7g.xlarge': 4,
  'im4gn.large': 2,
  'g5.xlarge': 4,
  'inf2.xlarge': 4,
  'hpc7a.12xlarge': 24,
};

const X86 = 'x86_64-linux';
const BIG = 'x86_64-linux:big-parallel';
const ARM = 'aarch64-linux';

const facts = (name: string): FoundInstanceType => ({
  name,
  vcpus: VCPUS[name] ?? Number.NaN,
  architectures: [],
});

interface Account {
  readonly onDemand?: number;
  readonly spot?: number;
  readonly maxTotalMachines?: number;
}

/** An account with these quotas; AWS knows all instance types. */
const given = (
  types: readonly MachineType[],
  { onDemand = 1000, spot = 1000, maxTotalMachines = 1000 }: Account,
): Limited => {
  const config = aConfig(types, { maxTotalMachines });
  const quotas = {
    'on-demand': { code: 'L-1216C47A', vcpus: onDemand },
    spot: { code: 'L-34B43A08', vcpus: spot },
  };
  return {
    config,
    prerequisites: new Map(
      types.map(({ key, instanceTypes }) => [
        key,
        { instanceTypes: { ok: true, value: instanceTypes.map(facts) } },
      ]),
    ),
    vcpuQuotas: new Map(marketsIn(config).map((market) => [market, { ok: true, value: quotas[market] }])),
  };
};

const only = (findings: readonly Finding[]): Finding => {
  const [finding, ...others] = findings;
  if (finding === undefined || others.length > 0) throw new Error(`${findings.length} findings`);
  return finding;
};

describe('a vCPU quota', () => {
  it('has room for all types at their caps, each with its largest instance type', () => {
    const types = [
      aType(X86, { maxMachines: 12, instanceTypes: ['c7i.2xlarge', 'c7g.xlarge'] }),
      aType(BIG, { maxMachines: 2, instanceTypes: ['c7i.8xlarge'] }),
    ];
    expect(only(examineQuotas(given(types, { onDemand: 160 })))).toEqual({
      check: 'on-demand quota',
      health: 'good',
      says: 'the quota of 160 on-demand vCPUs has room for the 160 that 14 machines would need, as long as nothing else in the account takes it',
    });
  });

  it('is doubtful when a single vCPU is missing, and says how many to ask for under which code', () => {
    const types = [aType(X86, { maxMachines: 20, instanceTypes: ['c7i.2xlarge'] })];
    const finding = only(examineQuotas(given(types, { onDemand: 159 })));
    expect(finding).toMatchObject({
      health: 'doubtful',
      says: 'the quota of 159 on-demand vCPUs has no room for the 160 that 20 machines would need',
    });
    expect(finding.remedy).toMatch(/160 or more .* L-1216C47A, or lower maxMachines; other machines/);
  });

  it('has to take the largest machines that maxTotalMachines allows', () => {
    const types = [
      aType(X86, { maxMachines: 10, instanceTypes: ['c7i.2xlarge'] }),
      aType(BIG, { maxMachines: 3, instanceTypes: ['c7i.8xlarge'] }),
    ];
    const { says } = only(examineQuotas(given(types, { maxTotalMachines: 5 })));
    expect(says).toContain(`the ${3 * 32 + 2 * 8} that 5 machines would need`);
  });

  it('is bad when a type could not get one machine with any of its instance types', () => {
    const types = [
      aType(X86, { instanceTypes: ['c7i.2xlarge', 'c7i.8xlarge'] }),
      aType(BIG, { instanceTypes: ['c7i.8xlarge', 'c7g.xlarge'] }),
    ];
    expect(only(examineQuotas(given(types, { onDemand: 5 })))).toMatchObject({
      health: 'bad',
      says: `the quota of 5 on-demand vCPUs has no room for a single machine of ${X86}`,
      remedy: expect.stringContaining('L-1216C47A') as unknown,
    });
  });

  it('is asked for only where the configuration uses the market, and spot-then-on-demand uses both', () => {
    const spotOnly = [aType(X86, { market: 'spot' })];
    expect(marketsIn(aConfig(spotOnly))).toEqual(['spot']);
    const types = [aType(X86, { maxMachines: 1 }), aType(ARM, { market: 'spot-then-on-demand' })];
    expect([...marketsIn(aConfig(types))].toSorted()).toEqual(['on-demand', 'spot']);
    expect(marketsIn(aConfig([]))).toEqual([]);
  });

  it('hinders a type that can turn to the other market, and does not stop it', () => {
    const types = [
      aType(ARM, { maxMachines: 2, market: 'spot-then-on-demand', instanceTypes: ['c7g.xlarge'] }),
    ];
    const findings = examineQuotas(given(types, { spot: 0, onDemand: 8 }));
    expect(findings.map(({ check, health }) => [check, health])).toEqual([
      ['spot quota', 'doubtful'],
      ['on-demand quota', 'good'],
    ]);
  });

  it('is not held against families with quotas of their own, which are named', () => {
    const mixed = [
      aType(X86, { maxMachines: 2, instanceTypes: ['g5.xlarge', 'c7i.2xlarge', 'im4gn.large'] }),
      aType(BIG, { maxMachines: 2, instanceTypes: ['inf2.xlarge', 'hpc7a.12xlarge'] }),
    ];
    const tight = only(examineQuotas(given(mixed, { onDemand: 1 })));
    expect(tight.health).toBe('doubtful');
    expect(tight.says).toContain('the 16 that 2 machines would need');
    expect(tight.says).toMatch(/not checked: g5\.xlarge, inf2\.xlarge, hpc7a\.12xlarge \(other families/);
    const none = only(examineQuotas(given(mixed.slice(1), { onDemand: 0 })));
    expect(none).toMatchObject({
      health: 'good',
      says: expect.stringContaining('is not used; not checked: inf2.xlarge') as unknown,
    });
  });

  it('is doubtful when it could not be asked, for the reason that was given', () => {
    const asked = given([aType(X86, { maxMachines: 1, instanceTypes: ['c7i.2xlarge'] })], {});
    const vcpuQuotas = new Map([['on-demand', { ok: false, problem: { says: 'you may not' } }] as const]);
    expect(only(examineQuotas({ ...asked, vcpuQuotas }))).toEqual({
      check: 'on-demand quota',
      health: 'doubtful',
      says: 'could not be asked: you may not',
      remedy: 'see in the Service Quotas console whether it has room for the 8 that one machine would need',
    });
  });

  it('is doubtful when the size of the machines is not known', () => {
    const asked = given([aType(X86), aType(BIG)], {});
    const prerequisites = new Map([
      ...asked.prerequisites,
      [BIG, { instanceTypes: { ok: false, problem: { says: 'no' } } }],
    ]);
    expect(only(examineQuotas({ ...asked, prerequisites }))).toMatchObject({
      health: 'doubtful',
      says: expect.stringMatching(/could not be compared.*big-parallel/) as unknown,
      remedy: expect.stringContaining(`launches of ${BIG}`) as unknown,
    });
  });
});
