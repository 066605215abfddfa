import { describe, expect, it } from 'vitest';
import { besides, todayOf } from '../../../local/prove/advise/candidates.ts';
import type { Candidate } from '../../../local/prove/advise/candidates.ts';
import { putRight, rowOf } from '../../../local/prove/advise/row.ts';
import type { Price } from '../../../local/prove/advise/row.ts';

const TODAY = { maxJobs: 4, instanceTypes: ['c7i.2xlarge'] };
const HALF = besides(TODAY, todayOf(TODAY)).find(({ size }) => size === 0.5) ?? todayOf(TODAY);

const score = {
  ...{ hours: 100, workBoundRatio: 1, workWeightedWait: 60, meanWait: 50 },
  ...{ p50: 50, p95: 200, maxWait: 400, starts: 30, peak: 3 },
};
const row = (candidate: Candidate, prices: Readonly<Record<string, Price>>, hours = 100, days = 15.2) =>
  rowOf(
    { key: 'x86_64-linux', candidate, today: TODAY, score: { ...score, hours }, days },
    new Map(Object.entries(prices)),
  );

describe('what a candidate costs', () => {
  it('is of a month, in hours of a machine of today where no price is known', () => {
    expect(row(todayOf(TODAY), {})).toMatchObject({ cost: 200, hours: 200, starts: 60, wait: 60, peak: 3 });
    expect(row(HALF, {})).toMatchObject({ cost: 100, hours: 200 });
    expect(row(todayOf(TODAY), {}).spotCost).toBeUndefined();
  });
  it('is in dollars where today’s price is, and half the machine has half of it unless it has its own', () => {
    const price = { 'c7i.2xlarge': { onDemand: 0.4, spot: 0.1 } };
    expect(row(todayOf(TODAY), price)).toMatchObject({ cost: 80, spotCost: 20 });
    expect(row(HALF, price)).toMatchObject({ cost: 40, spotCost: 10 });
    expect(row(HALF, { ...price, 'c7i.xlarge': { onDemand: 0.3 } }).cost).toBeCloseTo(60);
    expect(row(HALF, { 'c7i.xlarge': { onDemand: 0.3 } }).cost).toBe(100);
  });
  it('is that of spot machines where these are bought', () => {
    const price = { 'c7i.2xlarge': { onDemand: 0.4, spot: 0.1 } };
    expect(row(todayOf({ ...TODAY, market: 'spot-then-on-demand' }), price).cost).toBeCloseTo(20);
    expect(row(todayOf({ ...TODAY, market: 'spot' }), { 'c7i.2xlarge': { onDemand: 0.4 } }).cost).toBeCloseTo(
      80,
    );
  });
  it('is what the configuration says a machine costs', () => {
    const written = { ...TODAY, dollarsPerHour: 2 };
    const today = { key: 'x86_64-linux', candidate: todayOf(written), today: written, score, days: 15.2 };
    expect(rowOf(today, new Map([['c7i.2xlarge', { onDemand: 0.4, spot: 0.1 }]]))).toMatchObject({
      cost: 400,
    });
  });
  it('is not made up for days that were not seen', () => {
    expect(row(todayOf(TODAY), {}, 1, 0.04).hours).toBeCloseTo(30.4);
  });
});

describe('a row of few days', () => {
  it('is put right by how today’s came out on few and on more', () => {
    const [few, more] = [row(todayOf(TODAY), {}, 100), { ...row(todayOf(TODAY), {}, 150), wait: 120 }];
    expect(putRight(row(HALF, {}, 80), few, more)).toMatchObject({
      ...{ isRough: true, cost: 120, hours: 240, starts: 90, wait: 120, p95: 400, peak: 3, maxWait: 400 },
    });
  });
  it('stays as it is where nothing waited', () => {
    const none = { ...row(todayOf(TODAY), {}), wait: 0 };
    expect(putRight(row(HALF, {}), none, none)).toMatchObject({ wait: 60 });
  });
});
