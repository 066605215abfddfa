/** What rests after a refusal, for how long, and what is forgotten. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import {
  afterAcceptance,
  afterLasting,
  afterReady,
  afterRetry,
  restOfPool,
  restOfType,
  withoutOld,
} from '../../../lambdas/core/capacity/back-off.ts';
import { afterRefusals, afterSetback } from '../../../lambdas/core/capacity/setback.ts';
import type { BackOff, Pool } from '../../../lambdas/core/model/index.ts';
import { LINUX, NOW, aType } from '../given.ts';

const SPOT: Pool = { instanceType: 'c7i.2xlarge', subnet: 'subnet-00000001', market: 'spot' };
const OTHER_ZONE: Pool = { ...SPOT, subnet: 'subnet-00000002' };
const ON_DEMAND: Pool = { ...SPOT, market: 'on-demand' };
const POOLS = [SPOT, OTHER_ZONE];
const SPOT_MARKET = { market: 'spot' };
const TYPE = {};

const after = (before: readonly BackOff[], kind: string, pool?: Pool, now = NOW, pools = POOLS) =>
  afterSetback(
    before,
    { type: LINUX, kind, reason: kind, pools, ...(pool === undefined ? {} : { pool }) },
    now,
  );
const scopesOf = (backOffs: readonly BackOff[]) =>
  backOffs.map(({ pool, market }) => ({
    ...(pool === undefined ? {} : { pool }),
    ...(market === undefined ? {} : { market }),
  }));
const restOf = (backOffs: readonly BackOff[], pool = SPOT, now = NOW): number =>
  Math.max(
    restOfPool(backOffs, LINUX, pool, now)?.until ?? now,
    restOfType(backOffs, LINUX, now)?.until ?? now,
  ) - now;

describe('a setback', () => {
  it.each([
    // kind, pool it came from, what rests
    ['capacity', SPOT, [{ pool: SPOT }]],
    ['capacity', undefined, [SPOT_MARKET]],
    ['unsupported', OTHER_ZONE, [{ pool: OTHER_ZONE }]],
    ['addresses', SPOT, [{ pool: SPOT }]],
    ['market', SPOT, [SPOT_MARKET]],
    ['quota', undefined, [SPOT_MARKET]],
    ['quota', SPOT, [{ pool: SPOT }]],
    ['throttled', undefined, [TYPE]],
    ['configuration', undefined, [SPOT_MARKET]],
    ['denied', undefined, [SPOT_MARKET]],
    ['never-ready', SPOT, [TYPE]],
    ['ended', ON_DEMAND, [TYPE]],
    ['spot-ended', SPOT, [{ pool: SPOT }]],
    ['stuck-pending', SPOT, [{ pool: SPOT }]],
    ['taken', SPOT, [{ pool: SPOT }]],
    ['taken-again', SPOT, [SPOT_MARKET]],
    ['a kind nobody knows', undefined, [SPOT_MARKET]],
  ])('%s from %j rests %j', (kind, pool, resting) => {
    expect(scopesOf(after([], kind, pool))).toEqual(resting);
  });
  it('of a launch on demand rests that market, so that with spot at rest nothing is left', () => {
    const spot = after([], 'denied');
    const both = after(spot, 'denied', undefined, NOW, [ON_DEMAND]);
    expect(restOfType(both, LINUX, NOW)).toBeUndefined();
    expect(restOf(both, SPOT)).toBe(300);
    expect(restOf(both, ON_DEMAND)).toBe(300);
    expect(restOf(spot, ON_DEMAND)).toBe(0);
  });
  it.each([
    ['The subnet ID ‘subnet-00000002’ does not exist', [{ pool: OTHER_ZONE }]],
    ['c7i.2xlarge is not supported here', [SPOT_MARKET]],
    ['something else is wrong', [SPOT_MARKET]],
  ])('rests what AWS’s words name, if that is not all: %s', (reason, resting) => {
    const rests = afterSetback([], { type: LINUX, kind: 'configuration', reason, pools: POOLS }, NOW);
    expect(scopesOf(rests)).toEqual(resting);
  });
  it('takes an instance type for named only where its whole name stands', () => {
    const metal = { ...SPOT, instanceType: 'c7i.2xlarge-flex' };
    const reason = 'Your requested instance type (c7i.2xlarge-flex) is not supported.';
    const rests = afterSetback([], { type: LINUX, kind: 'unsupported', reason, pools: [SPOT, metal] }, NOW);
    expect(scopesOf(rests)).toEqual([{ pool: metal }]);
  });
  it.each([
    ['capacity', [180, 360, 720, 1440, 2880, 3600, 3600]],
    ['throttled', [30, 60, 120, 240, 300]],
    ['never-ready', [60, 120, 240, 480, 960, 1920, 3600]],
    ['ended', [60, 120, 240, 480, 960, 1920, 3600]],
    ['taken', [180, 360, 720, 1440, 2880, 3600]],
    ['taken-again', [900, 1800, 3600, 7200, 14_400, 14_400]],
    ['unsupported', [180, 360, 720, 1440, 2880, 5760, 11_520, 21_600, 21_600]],
    ['configuration', [300, 600, 1200, 2400, 3600]],
    ['unknown', [60, 120, 240, 480, 960, 1800, 1800]],
  ])('%s rests longer each time: %j seconds', (kind, seconds) => {
    let [backOffs, now]: [readonly BackOff[], number] = [[], NOW];
    const rests = seconds.map(() => {
      backOffs = after(backOffs, kind, SPOT, now);
      const rest = restOf(backOffs, SPOT, now);
      now += rest;
      return rest;
    });
    expect(rests).toEqual(seconds);
  });
  it('while something rests already does not lengthen its rest', () => {
    const once = after([], 'capacity', SPOT);
    expect(after(once, 'capacity', SPOT, NOW + 100)).toBe(once);
  });
  it('of the machines and a refusal grow apart', () => {
    const both = after(after([], 'throttled'), 'never-ready');
    expect(both.map(({ cause, failures }) => [cause, failures])).toEqual([
      ['refused', 1],
      ['never-ready', 1],
    ]);
  });
  it('leaves other types and pools alone', () => {
    const backOffs = after([], 'capacity', SPOT);
    expect(restOfPool(backOffs, 'aarch64-linux', SPOT, NOW)).toBeUndefined();
    expect(restOfPool(backOffs, LINUX, OTHER_ZONE, NOW)).toBeUndefined();
    expect(restOfType(backOffs, LINUX, NOW)).toBeUndefined();
  });
});

describe('refusals of one launch', () => {
  const refused = (pool: Pool) => ({
    kind: 'capacity' as const,
    code: 'InsufficientInstanceCapacity',
    says: 'none',
    pool,
  });

  it('rest the market when they are about every pool of it, told once', () => {
    const rests = afterRefusals([], { type: LINUX, pools: POOLS }, POOLS.map(refused), NOW);
    expect(rests).toEqual([
      expect.objectContaining({
        market: 'spot',
        reason: told.refusedInAllPools('InsufficientInstanceCapacity', 2),
      }),
    ]);
  });
  it('rest each its own pool otherwise', () => {
    const rests = afterRefusals([], { type: LINUX, pools: POOLS }, [refused(SPOT)], NOW);
    expect(scopesOf(rests)).toEqual([{ pool: SPOT }]);
  });
});

describe('a rest', () => {
  it('is over at its end', () => {
    const backOffs = after([], 'capacity', SPOT);
    expect(restOf(backOffs, SPOT, NOW + 179)).toBe(1);
    expect(restOf(backOffs, SPOT, NOW + 180)).toBe(0);
  });
  it('after refusals starts small again once a launch was carried out there, and only there', () => {
    const backOffs = after(after([], 'capacity', SPOT), 'capacity', OTHER_ZONE);
    const freed = afterAcceptance(backOffs, LINUX, [SPOT]);
    expect(scopesOf(freed)).toEqual([{ pool: OTHER_ZONE }]);
    expect(restOf(after(freed, 'capacity', SPOT, NOW + 200), SPOT, NOW + 200)).toBe(180);
    expect(afterAcceptance(freed, LINUX, [ON_DEMAND])).toBe(freed);
  });
  it('after machines that ended is not over because EC2 accepts another launch, or because one gets ready', () => {
    const ended = after([], 'ended', ON_DEMAND);
    expect(afterAcceptance(ended, LINUX, [ON_DEMAND])).toBe(ended);
    expect(afterReady(ended, LINUX)).toBe(ended);
    expect(afterReady(after([], 'never-ready'), LINUX)).toEqual([]);
  });
  it('after machines that ended is over once one has lasted that was started after them', () => {
    const ended = after(after([], 'ended', ON_DEMAND), 'taken', SPOT);
    expect(afterLasting(ended, LINUX, SPOT, NOW)).toBe(ended);
    expect(afterLasting(ended, LINUX, SPOT, NOW + 1)).toEqual([]);
    expect(scopesOf(afterLasting(ended, LINUX, ON_DEMAND, NOW + 1))).toEqual([{ pool: SPOT }]);
  });
  it('is over when a person wants a retry, unless it is for what went wrong since', () => {
    const backOffs = after(after([], 'capacity', SPOT), 'never-ready', undefined, NOW + 10);
    expect(scopesOf(afterRetry(backOffs, LINUX, NOW + 5))).toEqual([TYPE]);
    expect(afterRetry(backOffs, LINUX, NOW + 10)).toEqual([]);
    expect(afterRetry(backOffs, 'aarch64-linux', NOW + 10)).toBe(backOffs);
  });
  it('is forgotten an hour after its end, and with its type', () => {
    const backOffs = after([], 'capacity', SPOT);
    const types = [aType(LINUX)];
    expect(withoutOld(backOffs, types, NOW + 180 + 3599)).toBe(backOffs);
    expect(withoutOld(backOffs, types, NOW + 180 + 3600)).toEqual([]);
    expect(withoutOld(backOffs, [aType('aarch64-linux')], NOW)).toEqual([]);
  });
});
