import { describe, expect, it } from 'vitest';
import { ratiosOf, summaryOf } from '../../../../local/prove/bench/policy/bench.ts';
import { burstRatio } from '../../../../local/prove/bench/policy/burst.ts';
import { geometricMean, hoursAt, ratioTo } from '../../../../local/prove/bench/policy/compare.ts';
import type { Row } from '../../../../local/prove/bench/policy/task.ts';

const at = (hours: number, workWeightedWait: number) => ({ hours, workWeightedWait });
const LADDER = [at(100, 400), at(400, 100), at(200, 200)];

describe('hours at no longer wait', () => {
  it('are those of a row with just that wait', () => {
    expect(hoursAt(LADDER, 200)).toBe(200);
  });
  it('lie between two values of the dial, in proportion', () => {
    expect(hoursAt(LADDER, 300)).toBeCloseTo(Math.sqrt(200 * 100), 9);
  });
  it('are those of the thriftiest row where any wait is long enough', () => {
    expect(hoursAt(LADDER, 5000)).toBe(100);
  });
  it('are not there where every row waits longer', () => {
    expect(hoursAt(LADDER, 99)).toBeUndefined();
  });
  it('never grow by a longer wait, even where a ladder has a costly row', () => {
    expect(hoursAt([...LADDER, at(300, 500)], 500)).toBe(100);
  });
  it('come from the best ladder, and are set against the peer’s', () => {
    expect(ratioTo(at(250, 200), [LADDER, [at(150, 190)], [at(1, 900)]])).toBeCloseTo(150 / 250, 9);
    expect(ratioTo(at(250, 50), [LADDER])).toBeUndefined();
  });
});

describe('the summary', () => {
  const row = (policy: string, hours: number, workWeightedWait: number, clock?: string): Row => ({
    ...{ trace: 't', policy, billing: 'hourly', setting: '', hours, workWeightedWait },
    ...{ workBoundRatio: 1, meanWait: 0, p50: 0, p95: 0, maxWait: 0, starts: 1, peak: 1 },
    ...(clock === undefined ? {} : { clock }),
  });
  const rows = [
    row('ours', 100, 200, 'slow'),
    row('ours', 300, 50, 'fast'),
    row('a', 200, 200),
    row('b', 150, 60),
    row('c', 10, 5),
  ];

  it('has the mean and the worst of what is reached, and counts what is not', () => {
    expect(summaryOf({ rows, bursts: [], violations: ['rule 2: x'] })).toEqual({
      geometricMean: 1,
      worst: 2,
      burst45: null,
      burst120: null,
      unreached: 1,
      violations: 1,
    });
  });
  it('compares under one clock where that is asked', () => {
    expect(ratiosOf(rows, 'slow').map(({ ratio }) => ratio)).toEqual([0.5, undefined, undefined]);
  });
  it('never compares across traces or billings', () => {
    const others = [
      { ...row('ours', 1, 1, 'slow'), trace: 'u' },
      { ...row('a', 2, 2), billing: 'per-second' as const },
    ];
    expect(ratiosOf(others).map(({ ratio }) => ratio)).toEqual([undefined]);
  });
  it('has the best clock’s burst, its mean over the phases by boot and one command', () => {
    const burst = (clock: string, ...lastOffered: readonly number[]) => ({
      ...{ clock, bootSeconds: 45, lastOffered, violations: [] },
    });
    expect(burstRatio(burst('slow', 94, 188))).toBeCloseTo(3, 9);
    const bursts = [burst('slow', 94, 188), burst('fast', 94)];
    expect(summaryOf({ rows: [], bursts, violations: [] })).toMatchObject({ burst45: 2, burst120: null });
  });
  it('takes the mean of proportions', () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1, 9);
    expect(geometricMean([])).toBeUndefined();
  });
});
