/** For how long a machine that is not needed is kept, learnt from how soon so many were needed again. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsAfter, keptSeconds } from '../../../lambdas/core/capacity/gaps.ts';
import type { Gaps } from '../../../lambdas/core/model/index.ts';
import { NOW } from '../given.ts';
import { runs } from '../../needs.ts';

/** The gaps after looks at these machines, each so many seconds after the one before. */
function after(looks: readonly (readonly [seconds: number, need: number])[]): Gaps | undefined {
  let [now, gaps]: [number, Gaps | undefined] = [NOW, undefined];
  for (const [seconds, need] of looks) {
    now += seconds;
    gaps = gapsAfter(gaps, { type: 'a', need, now });
  }
  return gaps;
}

const total = (gaps: Gaps | undefined, group: number): number =>
  (gaps?.seen.find((one) => one.group === group)?.counts ?? []).reduce((sum, count) => sum + count, 0);

/** Pauses of so many seconds in the need for two machines, of which the first is always needed. */
const pauses = (seconds: number, times: number): Gaps | undefined =>
  after(
    Array.from({ length: times + 1 }, (_, n) => [
      [n === 0 ? 0 : seconds, 2] as const,
      [60, 1] as const,
    ]).flat(),
  );

describe('gaps', () => {
  it('are counted by rank, once so many machines are needed again', () => {
    const gaps = after([
      [0, 5],
      [60, 1],
      [100, 3],
      [100, 5],
    ]);
    expect(gaps).toEqual({
      type: 'a',
      need: 5,
      falls: [],
      seen: [
        { group: 1, counts: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0] },
        { group: 2, counts: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0] },
        { group: 3, counts: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] },
        { group: 4, counts: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] },
      ],
    });
  });
  it('that nobody waits for any longer count as the longest', () => {
    const gaps = after([
      [0, 1],
      [60, 0],
      [1801, 0],
    ]);
    expect(gaps).toMatchObject({
      falls: [],
      seen: [{ group: 0, counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }],
    });
  });
  it('are forgotten by and by', () => {
    expect(total(pauses(100, 201), 1)).toBeLessThan(150);
  });
  it('that begin one by one are remembered up to a bound', () => {
    const gaps = after(Array.from({ length: 101 }, (_, n) => [1, 100 - n] as const));
    expect(gaps?.falls).toHaveLength(40);
    expect(gaps?.falls[0]).toMatchObject({ from: 1, to: 1 });
  });
  it('fit into the farm’s record, whatever the need does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 700 })), { maxLength: 200 }),
        (looks) => {
          const gaps = after(looks);
          expect(gaps?.falls.length ?? 0).toBeLessThanOrEqual(40);
          expect(JSON.stringify(gaps ?? {}).length).toBeLessThan(4000);
          const ranks = (gaps?.falls ?? []).flatMap(({ from, to }) => [from, to]);
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
          expect(ranks.every((rank) => rank > (gaps?.need ?? 0))).toBe(true);
        },
      ),
      runs(200),
    );
  });
});

describe('a machine that is not needed is kept', () => {
  it('for a minute while nothing is known', () => {
    expect(keptSeconds(undefined, 1, 240)).toBe(60);
    expect(keptSeconds(pauses(100, 4), 2, 240)).toBe(60);
  });
  it('for as long as pauses mostly last, where that is worth it', () => {
    expect(keptSeconds(pauses(100, 9), 2, 240)).toBe(120);
    expect(keptSeconds(pauses(100, 9), 2, 50)).toBe(15);
  });
  it('hardly at all where nobody comes back', () => {
    expect(keptSeconds(pauses(4000, 9), 2, 240)).toBe(15);
  });
  it('by its own rank: the first may be needed where the second is not', () => {
    const gaps = pauses(4000, 9);
    expect(keptSeconds(gaps, 1, 240)).toBe(60);
    expect(keptSeconds(gaps, 2, 240)).toBe(15);
  });
  it('never longer than half an hour, and never without a moment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 200 }), { minLength: 11, maxLength: 11 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (counts, worth) => {
          const kept = keptSeconds({ type: 'a', need: 0, falls: [], seen: [{ group: 0, counts }] }, 1, worth);
          expect(kept).toBeGreaterThanOrEqual(15);
          expect(kept).toBeLessThanOrEqual(1800);
        },
      ),
      runs(500),
    );
  });
});
