/** Times at which machines are kept. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { highestFloor, standingFloor, warmAt } from '../../../lambdas/core/config/warm.ts';

const at = (time: string): number => Date.parse(time) / 1000;

const WORKDAYS = { cron: '* 7-18 * * 1-5', timezone: 'Europe/Berlin', machines: 3 };
const MORNINGS = { cron: '30-59 7 * * *', timezone: 'UTC', machines: 5 };
const KEPT = { minMachines: 1, warm: [WORKDAYS, MORNINGS] };

describe('a warm time', () => {
  it.each([
    // Monday, in winter: Berlin is an hour ahead.
    ['2026-11-30T05:59:59Z', 1],
    ['2026-11-30T06:00:00Z', 3],
    ['2026-11-30T07:29:59Z', 3],
    ['2026-11-30T07:30:00Z', 5],
    ['2026-11-30T07:59:59Z', 5],
    ['2026-11-30T17:59:59Z', 3],
    ['2026-11-30T18:00:00Z', 1],
    // The same in summer.
    ['2026-07-06T04:59:59Z', 1],
    ['2026-07-06T05:00:00Z', 3],
    // Saturday.
    ['2026-11-28T12:00:00Z', 1],
    ['2026-11-28T07:45:00Z', 5],
  ])('at %s keeps %d machines', (time, machines) => {
    expect(standingFloor(KEPT, at(time))).toBe(machines);
  });

  it('is the one that keeps most, and none outside all of them', () => {
    expect(warmAt(KEPT, at('2026-11-30T07:30:00Z'))).toEqual(MORNINGS);
    expect(warmAt(KEPT, at('2026-11-30T23:00:00Z'))).toBeUndefined();
    expect(highestFloor(KEPT)).toBe(5);
    expect(highestFloor({ minMachines: 7, warm: [WORKDAYS] })).toBe(7);
  });
});

describe('what is written', () => {
  const written = (type: object, more: object = {}) =>
    parseConfig(
      { host: { instanceId: 'i-0123456789abcdef0' }, systemTypes: { 'x86_64-linux': type }, ...more },
      () => undefined,
    );
  const problemsOf = (...given: Parameters<typeof written>) =>
    written(...given).problems.map(({ path, says }) => `${path} ${says}`);
  const warm = (time: object) => problemsOf({ maxMachines: 4, warm: [{ ...WORKDAYS, ...time }] });

  it('is in UTC where nothing is said', () => {
    const { config } = written({ maxMachines: 4, warm: [{ cron: '* * * * *', machines: 2 }] });
    expect(config?.machineTypes[0]?.warm).toEqual([{ cron: '* * * * *', timezone: 'UTC', machines: 2 }]);
  });

  it.each([
    [
      '* 25 * * *',
      'warm.0.cron must be five fields of cron that name the minutes in which the machines are kept',
    ],
    ['* * * *', 'must be five fields of cron'],
    ['0 0 8 * * *', 'must be five fields of cron'],
    ['0 8 * * 1-5', 'would keep machines for single minutes: write * or a range such as 30-59'],
    ['*/5 8 * * *', 'would keep machines for single minutes'],
  ])('as %s is refused, with what to write', (cron, says) => {
    expect(warm({ cron }).join()).toContain(says);
  });

  it('is refused with a time zone that there is not', () => {
    expect(warm({ timezone: 'Europe/Bärlin' }).join()).toContain('time zone of the IANA database');
  });

  it('does not go beyond the caps', () => {
    expect(problemsOf({ maxMachines: 2, warm: [WORKDAYS] })).toEqual([
      'systemTypes.x86_64-linux.warm.0.machines is 3, but maxMachines is 2; raise maxMachines or lower this',
    ]);
    expect(problemsOf({ maxMachines: 4, warm: [WORKDAYS] }, { maxTotalMachines: 2 }).join()).toContain(
      'minMachines, or warm where that is more, add up to 3',
    );
  });
});
