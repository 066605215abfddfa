import { describe, expect, it } from 'vitest';
import type { Finding, FoundImage } from '../../../lambdas/core/doctor/finding.ts';
import { examineMoney, misbilled } from '../../../lambdas/core/doctor/money.ts';
import type { Billed } from '../../../lambdas/core/doctor/money.ts';
import type { UnusedTime } from '../../../lambdas/core/doctor/unused-time.ts';
import type { Billing } from '../../../lambdas/core/model/index.ts';
import { aConfig, anObservation, aType, LINUX, NOW } from '../given.ts';

const farm = (billing: Billing, image: Partial<FoundImage> | string, key = LINUX): Billed => ({
  config: aConfig([aType(key, { billing })]),
  observation: anObservation(),
  prerequisites: new Map([
    [
      key,
      {
        image:
          typeof image === 'string'
            ? { missing: image }
            : { found: { id: 'ami-1', isFromMarketplace: false, ...image } },
      },
    ],
  ]),
});

const unused = (changed: Partial<UnusedTime> = {}): UnusedTime => ({
  idle: new Map(),
  thrownAway: new Map(),
  since: NOW - 24 * 3600 + 200,
  isComplete: true,
  ...changed,
});

const HOUR = 3600;
const TIMES = new Map([
  [
    LINUX,
    new Map([
      ['c7a.2xlarge', 2.2 * HOUR],
      ['c7i.2xlarge', 4.1 * HOUR],
    ]),
  ],
  ['aarch64-linux', new Map([['c7g.2xlarge', 99 * HOUR]])],
]);

const only = (findings: readonly Finding[]): Finding => {
  const [finding, ...others] = findings;
  if (finding === undefined || others.length > 0) throw new Error(`${findings.length} findings`);
  return finding;
};

/** How AWS bills an image, as the doctor sees it: the other billing is wrong. */
const awsBills = (image: Partial<FoundImage> | string, key?: string): Billing | undefined => {
  const wrong = (['hourly', 'per-second'] as const).filter(
    (billing) => misbilled(farm(billing, image, key)).length > 0,
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
    expect(misbilled({ ...farm('hourly', {}), prerequisites: new Map() })).toHaveLength(1);
  });
});

describe('billing that AWS does not have', () => {
  const hourly = (told: Partial<UnusedTime>): string =>
    only(examineMoney(farm('hourly', { platform: 'Linux/UNIX' }), { found: unused(told) })).says;
  const perSecond = (told: Partial<UnusedTime>): string =>
    only(examineMoney(farm('per-second', { platform: 'SUSE Linux' }), { found: unused(told) })).says;

  it('is told with what it cost lately, the most first', () => {
    expect(
      examineMoney(farm('hourly', { platform: 'Linux/UNIX' }), { found: unused({ idle: TIMES }) }),
    ).toEqual([
      {
        check: `billing of ${LINUX}`,
        health: 'doubtful',
        says:
          'billing is "hourly", but AWS bills Linux/UNIX by the second: idle machines are kept to the end of an ' +
          'hour for nothing; in the last 24 h that kept idle machines for 6.3 machine-hours ' +
          '(c7i.2xlarge 4.1, c7a.2xlarge 2.2)',
        remedy: `set billing of ${LINUX} to "per-second", and gracePeriod to what a warm machine is worth`,
      },
    ]);
    expect(
      examineMoney(farm('per-second', { platform: 'SUSE Linux' }), { found: unused({ thrownAway: TIMES }) }),
    ).toEqual([
      {
        check: `billing of ${LINUX}`,
        health: 'doubtful',
        says:
          'billing is "per-second", but AWS bills SUSE Linux by the hour: machines end while their hour is paid; ' +
          'in the last 24 h that threw away 6.3 machine-hours (c7i.2xlarge 4.1, c7a.2xlarge 2.2)',
        remedy: `set billing of ${LINUX} to "hourly", or take an image that AWS bills by the second`,
      },
    ]);
    expect(perSecond({ idle: TIMES })).toMatch(/; in the last 24 h that cost nothing$/);
    expect(only(examineMoney(farm('per-second', { isFromMarketplace: true }), undefined)).remedy).toMatch(
      /to "hourly", or take no notice if that software is free/,
    );
  });

  it('says how far the journal goes back, and that it may have been more', () => {
    expect(hourly({ idle: TIMES, since: NOW - 2.6 * HOUR })).toContain(
      '; in the last 3 h, as far as the journal goes back, that kept idle machines for 6.3',
    );
    expect(hourly({ since: NOW - 600 })).toContain('; in the last 10 min, as far');
    expect(hourly({ idle: TIMES, isComplete: false })).toContain('for at least 6.3 machine-hours');
    expect(hourly({ isComplete: false })).toContain('that cost nothing that the journal tells of');
  });

  it('lists few instance types and rounds with sense', () => {
    const many = new Map(
      Array.from({ length: 8 }, (_, index) => [`c${index}.large`, 90 * HOUR - index * HOUR]),
    );
    expect(hourly({ idle: new Map([[LINUX, many]]) })).toContain(
      'for 692 machine-hours (c0.large 90.0, c1.large 89.0, c2.large 88.0, c3.large 87.0, c4.large 86.0, others 252)',
    );
    expect(hourly({ idle: new Map([[LINUX, new Map([['c7i.large', 5]])]]) })).toContain(
      'for 0.01 machine-hours',
    );
  });

  it('is told without a cost where no journal is kept, or none of a tick, or it cannot be read', () => {
    const examined = farm('hourly', { platform: 'Linux/UNIX' });
    const empty: UnusedTime = { idle: new Map(), thrownAway: new Map(), isComplete: true };
    expect(only(examineMoney(examined, undefined)).says).toMatch(/for nothing$/);
    expect(only(examineMoney(examined, { found: empty })).says).toMatch(/for nothing$/);
    const [billing, journal] = examineMoney(examined, { missing: 'AccessDeniedException: no' });
    expect(billing?.says).toMatch(/for nothing$/);
    expect(journal).toMatchObject({
      check: 'journal',
      health: 'doubtful',
      says: expect.stringContaining('no') as unknown,
    });
    expect(journal?.remedy).toBeTruthy();
  });

  it('is nothing where billing is right', () => {
    expect(examineMoney(farm('per-second', { platform: 'Linux/UNIX' }), undefined)).toEqual([]);
  });
});
