/** What rests after a refusal, for how long, and what is forgotten. */
import { describe, expect, it } from 'vitest';
import { activeBackOff, afterSetback, afterSuccess, withoutOld } from '../../lambdas/core/back-off.ts';
import type { BackOff, Pool } from '../../lambdas/core/model.ts';
import { LINUX, NOW, aType } from './given.ts';

const SPOT: Pool = { instanceType: 'c7i.2xlarge', subnet: 'subnet-00000001', market: 'spot' };
const OTHER_ZONE: Pool = { ...SPOT, subnet: 'subnet-00000002' };
const ON_DEMAND: Pool = { ...SPOT, market: 'on-demand' };
const POOLS = [SPOT, OTHER_ZONE, ON_DEMAND];

const after = (before: readonly BackOff[], kind: string, pool?: Pool, now = NOW) =>
  afterSetback(before, LINUX, { kind, reason: kind, ...(pool === undefined ? {} : { pool }) }, POOLS, now);
const restOf = (backOffs: readonly BackOff[], pool?: Pool, now = NOW): number =>
  (activeBackOff(backOffs, LINUX, pool, now)?.until ?? now) - now;

describe('a setback', () => {
  it.each([
    // kind, pool it came from, what rests
    ['capacity', SPOT, [SPOT]],
    ['capacity', undefined, POOLS],
    ['unsupported', OTHER_ZONE, [OTHER_ZONE]],
    ['addresses', SPOT, [SPOT]],
    ['market', SPOT, [SPOT, OTHER_ZONE]],
    ['quota', SPOT, [undefined]],
    ['throttled', undefined, [undefined]],
    ['configuration', SPOT, [undefined]],
    ['denied', undefined, [undefined]],
    ['never-ready', undefined, [undefined]],
    ['a kind nobody knows', SPOT, [undefined]],
  ])('%s from %j rests %j', (kind, pool, resting) => {
    const backOffs = after([], kind, pool);
    expect(backOffs.map((backOff) => backOff.pool)).toEqual(resting);
    for (const one of resting) expect(restOf(backOffs, one)).toBeGreaterThan(0);
  });
  it.each([
    ['capacity', [180, 360, 720, 1440, 2880, 3600, 3600]],
    ['throttled', [30, 60, 120, 240, 300]],
    ['never-ready', [60, 120, 240, 480, 960, 1920, 3600]],
    ['unsupported', [21_600, 43_200, 86_400, 86_400]],
  ])('%s rests longer each time: %j seconds', (kind, seconds) => {
    let [backOffs, now]: [readonly BackOff[], number] = [[], NOW];
    const rests = seconds.map(() => {
      backOffs = after(backOffs, kind, SPOT, now);
      const rest = Math.max(restOf(backOffs, SPOT, now), restOf(backOffs, undefined, now));
      now += rest;
      return rest;
    });
    expect(rests).toEqual(seconds);
  });
  it('while something rests already does not lengthen its rest', () => {
    const once = after([], 'capacity', SPOT);
    expect(after(once, 'capacity', SPOT, NOW + 100)).toBe(once);
  });
  it('leaves other types and pools alone', () => {
    const backOffs = after([], 'capacity', SPOT);
    expect(activeBackOff(backOffs, 'aarch64-linux', SPOT, NOW)).toBeUndefined();
    expect(activeBackOff(backOffs, LINUX, ON_DEMAND, NOW)).toBeUndefined();
    expect(activeBackOff(backOffs, LINUX, undefined, NOW)).toBeUndefined();
  });
});

describe('a rest', () => {
  it('is over at its end', () => {
    const backOffs = after([], 'capacity', SPOT);
    expect(activeBackOff(backOffs, LINUX, SPOT, NOW + 179)).toBeDefined();
    expect(activeBackOff(backOffs, LINUX, SPOT, NOW + 180)).toBeUndefined();
  });
  it('starts small again after a success there, and only there', () => {
    const backOffs = after(after([], 'capacity', SPOT), 'capacity', OTHER_ZONE);
    const freed = afterSuccess(backOffs, LINUX, SPOT);
    expect(freed.map(({ pool }) => pool)).toEqual([OTHER_ZONE]);
    expect(restOf(after(freed, 'capacity', SPOT, NOW + 200), SPOT, NOW + 200)).toBe(180);
    expect(afterSuccess(freed, LINUX, undefined)).toBe(freed);
  });
  it('is forgotten an hour after its end, and with its type', () => {
    const backOffs = after([], 'capacity', SPOT);
    const types = [aType(LINUX)];
    expect(withoutOld(backOffs, types, NOW + 180 + 3599)).toBe(backOffs);
    expect(withoutOld(backOffs, types, NOW + 180 + 3600)).toEqual([]);
    expect(withoutOld(backOffs, [aType('aarch64-linux')], NOW)).toEqual([]);
  });
});
