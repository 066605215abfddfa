import { describe, expect, it } from 'vitest';
import { hourlyCosts } from '../../../lambdas/core/config/costs.ts';
import type { Finding, FoundImage } from '../../../lambdas/core/doctor/finding.ts';
import { examineAdvice, examineMoney, examinePrices } from '../../../lambdas/core/doctor/money.ts';
import type { Billed } from '../../../lambdas/core/doctor/money.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Billing, Prices } from '../../../lambdas/core/model/index.ts';
import { aConfig, anObservation, aType, LINUX, NOW } from '../given.ts';

const farm = (billing: Billing, image: Partial<FoundImage> | string, key = LINUX): Billed => ({
  config: aConfig([aType(key, { billing })]),
  prerequisites: new Map([
    [
      key,
      {
        image:
          typeof image === 'string'
            ? ({ ok: false, problem: { says: image } } as const)
            : ({ ok: true, value: { id: 'ami-1', isFromMarketplace: false, ...image } } as const),
      },
    ],
  ]),
});

const only = (findings: readonly Finding[]): Finding => {
  const [finding, ...others] = findings;
  if (finding === undefined || others.length > 0) throw new Error(`${findings.length} findings`);
  return finding;
};

/** How AWS bills an image, as the doctor sees it: the other billing is wrong. */
const awsBills = (image: Partial<FoundImage> | string, key?: string): Billing | undefined => {
  const wrong = (['hourly', 'per-second'] as const).filter(
    (billing) => examineMoney(farm(billing, image, key)).length > 0,
  );
  expect(wrong.length).toBeLessThan(2);
  return { hourly: 'per-second' as const, 'per-second': 'hourly' as const, none: undefined }[
    wrong[0] ?? 'none'
  ];
};

describe('how AWS bills a machine type', () => {
  it.each([
    ['Linux/UNIX', 'per-second'],
    ['Ubuntu Pro', 'per-second'],
    ['Red Hat Enterprise Linux', 'per-second'],
    ['Red Hat BYOL Linux', 'per-second'],
    ['Windows', 'per-second'],
    ['SUSE Linux', 'hourly'],
    ['Something new', undefined],
  ])('%s: %s', (platform, billing) => {
    expect(awsBills({ platform })).toBe(billing);
  });

  it('is told from the systems where the image is not known, and from the Marketplace first of all', () => {
    expect(awsBills('no image matches')).toBe('per-second');
    expect(awsBills({})).toBe('per-second');
    expect(awsBills({}, 'x86_64-freebsd')).toBeUndefined();
    expect(awsBills({ platform: 'Linux/UNIX', isFromMarketplace: true })).toBe('hourly');
    expect(awsBills({ platform: 'Linux/UNIX' }, 'aarch64-darwin')).toBeUndefined();
    expect(examineMoney({ ...farm('hourly', {}), prerequisites: new Map() })).toHaveLength(1);
  });
});

describe('billing that AWS does not have', () => {
  it('is told with what it does and what to set', () => {
    expect(examineMoney(farm('hourly', { platform: 'Linux/UNIX' }))).toEqual([
      {
        check: `billing of ${LINUX}`,
        health: 'doubtful',
        says: `billing is "hourly", but AWS bills Linux/UNIX by the second: that costs ${hourlyCosts}, for nothing`,
        remedy: `set billing of ${LINUX} to "auto", or to "per-second"`,
      },
    ]);
    expect(examineMoney(farm('per-second', { platform: 'SUSE Linux' }))).toEqual([
      {
        check: `billing of ${LINUX}`,
        health: 'doubtful',
        says: 'billing is "per-second", but AWS bills SUSE Linux by the hour: machines end while their hour is paid',
        remedy: `set billing of ${LINUX} to "hourly", or take an image that AWS bills by the second`,
      },
    ]);
    expect(only(examineMoney(farm('per-second', { isFromMarketplace: true }))).remedy).toMatch(
      /to "hourly", or take no notice if that software is free/,
    );
  });

  it('is not spoken of where it is right', () => {
    expect(examineMoney(farm('per-second', { platform: 'Linux/UNIX' }))).toEqual([]);
  });
});

describe('settings that cost more than they bring', () => {
  const costs = (written: Partial<WrittenMachineType>): readonly Finding[] =>
    examineMoney({
      config: aConfig([aType(LINUX, { billing: 'auto', runnablesPerMachine: undefined, ...written })]),
      prerequisites: new Map(),
    });

  it('are told with their figures, and what to do', () => {
    expect(only(costs({ runnablesPerMachine: 1, maxJobs: 4 }))).toMatchObject({
      check: `costs of ${LINUX}`,
      health: 'doubtful',
      says: expect.stringMatching(/^runnablesPerMachine is 1, below maxJobs, 4: up to 4 times/) as string,
    });
    expect(only(costs({ gracePeriod: 600 })).says).toMatch(/14 to 41 % more hours/);
  });
  it('are one finding each, and billing is left to what AWS says of the image', () => {
    expect(costs({ runnablesPerMachine: 1, maxJobs: 4, gracePeriod: 600 })).toHaveLength(2);
    expect(costs({ billing: 'hourly' }).map(({ check }) => check)).toEqual([`billing of ${LINUX}`]);
  });
  it('are not spoken of where there are none', () => {
    expect(costs({ targetWait: 60 })).toEqual([]);
  });
});

describe('advice', () => {
  it('is no fault: spot first, then the size of machines', () => {
    const config = aConfig([
      aType('x86_64-linux', { maxJobs: 8 }),
      aType('aarch64-linux', { market: 'spot' }),
    ]);
    const findings = examineAdvice({ config });
    expect(findings.map(({ check, health }) => [check, health])).toEqual(
      Array(2).fill(['advice for x86_64-linux', 'good']),
    );
    expect(findings[0]?.says).toMatch(/^market is "on-demand": spot machines often cost 60 % less/);
    expect(findings[1]?.says).toMatch(
      /^maxJobs is 8: .* 14 % more than those of 4 .* those of 1 slot 14 % less/,
    );
  });
});

describe('prices', () => {
  const told = (prices?: Prices, type = aType(LINUX)) => {
    const observation = anObservation();
    const state = { ...observation.state, ...(prices && { prices }) };
    return examinePrices({ config: aConfig([type]), observation: { ...observation, state } });
  };
  const prices = (changed: Partial<Prices> = {}): Prices => ({
    askedAt: NOW - 7200,
    asked: ['c7i.2xlarge'],
    prices: [
      { instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.357 },
      { instanceType: 'c7i.2xlarge', market: 'spot', zone: 'us-east-1a', dollarsPerHour: 0.15 },
      { instanceType: 'c7i.2xlarge', market: 'spot', zone: 'us-east-1b', dollarsPerHour: 0.12 },
    ],
    ...changed,
  });

  it('are told with their age', () => {
    expect(told(prices())).toEqual([
      {
        check: 'prices',
        health: 'good',
        says: 'asked 2 hours ago, an hour: c7i.2xlarge $0.36, on spot $0.12 to $0.15',
      },
    ]);
    expect(told(prices({ askedAt: NOW, prices: [] }))[0]?.says).toBe(
      'asked within the last hour: AWS told none of c7i.2xlarge',
    );
  });

  it('that could not be had are doubtful, with the reason and a remedy', () => {
    expect(told(prices({ problem: { says: 'you may not' } }))).toMatchObject([
      {
        health: 'doubtful',
        says: 'AWS was asked 2 hours ago, and not all could be had: you may not',
        remedy: expect.stringContaining('dollarsPerHour') as unknown,
      },
    ]);
  });

  it('that nobody has asked for yet are no fault, and those that nobody needs are not spoken of', () => {
    expect(told()).toMatchObject([{ health: 'good' }]);
    expect(told(undefined, aType(LINUX, { dollarsPerHour: 1 }))).toEqual([]);
  });
});
