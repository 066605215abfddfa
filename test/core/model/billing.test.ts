/** Paid time. */
import { describe, expect, it } from 'vitest';
import { hourEnd, paidSecondsLeft } from '../../../lambdas/core/model/billing.ts';
import { NOW } from '../given.ts';

describe('paid time left', () => {
  it.each([
    // seconds since the start: left
    [0, 3600],
    [1, 3599],
    [1800, 1800],
    [3599.5, 0.5],
    [3600, 3600],
    [3601, 3599],
    [36_000 + 3000, 600],
    [-30, 3600],
  ])('%d s after an hourly start is %d s', (age, left) => {
    expect(paidSecondsLeft('hourly', NOW - age, NOW)).toBe(left);
  });
  it('is nothing under per-second billing, or when nobody knows the start', () => {
    expect(paidSecondsLeft('per-second', NOW - 10, NOW)).toBe(0);
    expect(paidSecondsLeft('hourly', undefined, NOW)).toBe(0);
  });
});

describe('the end of an hour', () => {
  it.each([
    [60, 360, 180],
    [300, 600, 420],
  ])(
    'with ticks every %d s, drains start %d s and end %d s before it',
    (period, drainSeconds, endSeconds) => {
      expect(hourEnd(period)).toEqual({ drainSeconds, endSeconds });
    },
  );
});
