import { describe, expect, it } from 'vitest';
import { sliceOf } from '../../../local/prove/advise/slice.ts';
import type { Workload } from '../../../local/world/workload.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** So many steps at noon of each day; the day's number is what they take. */
const daily = (days: number, steps: number): Workload =>
  Array.from({ length: days }, (_, day) => ({
    ...{ atSeconds: day * DAY + 12 * HOUR, system: 'x86_64-linux', features: [] },
    durationsSeconds: Array.from({ length: steps }, () => day),
  }));

const slice = (days: number, steps: number, limits: { readonly steps: number; readonly days: number }) => {
  const { workload, days: played } = sliceOf({ workload: daily(days, steps), days }, limits);
  return {
    days: workload.map(({ durationsSeconds }) => durationsSeconds[0]),
    at: workload.map(({ atSeconds }) => atSeconds / HOUR),
    played,
  };
};

describe('a slice of a history', () => {
  it('is all of it where there is time for that', () => {
    expect(slice(3, 10, { steps: 30, days: 3 })).toEqual({ days: [0, 1, 2], at: [12, 36, 60], played: 3 });
  });
  it('has whole days one behind the other, each at its own time of day', () => {
    expect(slice(9, 10, { steps: 30, days: 99 })).toEqual({ days: [0, 3, 6], at: [12, 36, 60], played: 3 });
    expect(slice(9, 10, { steps: 999, days: 3 })).toEqual({ days: [0, 3, 6], at: [12, 36, 60], played: 3 });
  });
  it('never is of one day of the week', () => {
    expect(slice(28, 10, { steps: 40, days: 99 }).days).toEqual([0, 8, 16, 24]);
  });
  it('counts a last day that is not whole as what it is', () => {
    const { days } = sliceOf({ workload: daily(4, 10), days: 3.5 }, { steps: 14, days: 99 });
    expect(days).toBeCloseTo(1.5);
  });
});
