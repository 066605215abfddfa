import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontOf, kneeOf } from '../../../local/prove/advise/knee.ts';

const points = (...pairs: readonly (readonly [wait: number, cost: number])[]) =>
  pairs.map(([wait, cost]) => ({ wait, cost }));

const anyPoints = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 99 }), cost: fc.integer({ min: 1, max: 99 }) }),
  {
    minLength: 1,
  },
);

describe('the front', () => {
  it('has what nothing beats, the shortest wait first', () => {
    expect(frontOf(points([300, 60], [100, 100], [200, 110], [200, 70], [400, 60]))).toEqual(
      points([100, 100], [200, 70], [300, 60]),
    );
  });
  it('has for every point one that is neither later nor dearer', () => {
    fc.assert(
      fc.property(anyPoints, (all) => {
        const front = frontOf(all);
        for (const { wait, cost } of all)
          expect(front.some((best) => best.wait <= wait && best.cost <= cost)).toBe(true);
      }),
    );
  });
});

describe('the knee', () => {
  it('is where half the wait is no longer worth a quarter more', () => {
    expect(kneeOf(points([50, 1000], [100, 400], [200, 340], [900, 300]))).toEqual({ wait: 100, cost: 400 });
    // Half of 330 s and the 30 s that nobody minds, for a little less and a little more than a quarter.
    expect(kneeOf(points([150, 124], [330, 100]))).toEqual({ wait: 150, cost: 124 });
    expect(kneeOf(points([150, 126], [330, 100]))).toEqual({ wait: 330, cost: 100 });
  });
  it('depends neither on the unit of cost nor on points that are worse', () => {
    const all = points([50, 1000], [100, 420], [130, 330], [900, 300]);
    const scaled = all.map(({ wait, cost }) => ({ wait, cost: cost * 0.357 }));
    expect(scaled.indexOf(kneeOf(scaled))).toBe(all.indexOf(kneeOf(all)));
    for (const other of all) expect(kneeOf([kneeOf(all), other])).toEqual(kneeOf(all));
  });
  it('minds no seconds where nothing waits', () => {
    expect(kneeOf(points([0, 200], [20, 100]))).toEqual({ wait: 20, cost: 100 });
  });
  it('is the only one there is', () => {
    expect(kneeOf(points([5, 5]))).toEqual({ wait: 5, cost: 5 });
    expect(() => kneeOf([])).toThrow(RangeError);
  });
});
