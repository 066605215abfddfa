/** The farm's record at its largest: everything it remembers has a bound, in number and in characters. */
import { describe, expect, it } from 'vitest';
import { farmItem } from '../../lambdas/aws/dynamo/state-items.ts';
import type { BackOff, Farm, Pool, Refusal } from '../../lambdas/core/model/index.ts';
import { poolsOf } from '../../lambdas/core/capacity/pools.ts';
import { afterRefusals, afterSetback } from '../../lambdas/core/capacity/setback.ts';
import { NOW, aType } from './given.ts';

/** DynamoDB takes 400 KB; the record never comes near. */
const BYTES_MAX = 280_000;
/** A key as long as a tag may be. */
const longKey = (n: number): string => `x86_64-linux:${String(n).padStart(243, 'f')}`;
const SUBNETS = Array.from({ length: 16 }, (_, n) => `subnet-${String(n).padStart(17, '0')}`);
const INSTANCE_TYPES = Array.from({ length: 25 }, (_, n) => `c7gn.metal-48xl${n}`);
const SENTENCE = 'There is no capacity that matches your request. '.repeat(40);
const TYPES = Array.from({ length: 40 }, (_, n) =>
  aType(longKey(n), { instanceTypes: INSTANCE_TYPES, subnets: SUBNETS, market: 'spot-then-on-demand' }),
);

/** Of every type more pools than are kept fail on their own, one after the other, and every market and type, too. */
function everythingFails(): readonly BackOff[] {
  const oneByOne = TYPES.flatMap((type) =>
    poolsOf(type)
      .slice(0, 30)
      .map((pool) => ({ type: type.key, pool })),
  );
  const alone = (all: readonly BackOff[], { type, pool }: { type: string; pool: Pool }) =>
    afterSetback(all, { type, kind: 'capacity', reason: SENTENCE, pool, pools: [pool] }, NOW);
  const pools = oneByOne.reduce(alone, []);
  return TYPES.reduce((all, type) => {
    const spot = poolsOf(type).filter(({ market }) => market === 'spot');
    const refused = afterRefusals(all, { type: type.key, pools: spot }, [refusal(SENTENCE)], NOW);
    const onDemand = poolsOf(type).filter(({ market }) => market === 'on-demand');
    const both = afterRefusals(refused, { type: type.key, pools: onDemand }, [refusal(SENTENCE)], NOW);
    return afterSetback(
      both,
      { type: type.key, kind: 'never-ready', reason: SENTENCE, pools: onDemand },
      NOW,
    );
  }, pools);
}

const refusal = (says: string): Refusal => ({ kind: 'denied', code: 'UnauthorizedOperation', says });

describe('the farm’s record', () => {
  it(`has fewer than ${BYTES_MAX} bytes at the largest configuration there may be, when everything fails`, () => {
    const farm: Farm = {
      lastTrustedAt: NOW,
      untrustedSince: NOW,
      stalledSince: NOW,
      lastNudgedAt: NOW,
      lastTickAt: NOW,
      backOffs: everythingFails(),
      waiting: TYPES.map(({ key }) => ({ type: key, since: NOW })),
      offerFailures: {
        times: 1_000_000,
        since: NOW,
        says: SENTENCE.slice(0, 500),
        remedy: SENTENCE.slice(0, 500),
      },
      buildsQueued: 1_000_000,
      unrecorded: Array.from({ length: 100 }, (_, n) => ({
        instanceId: `i-${n}`.padEnd(19, '0'),
        type: longKey(n),
      })),
    };
    const bytes = Buffer.byteLength(JSON.stringify(farmItem(farm).fields));
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
  it('rests a market instead of its pools when they become too many, for as long as the last of them', () => {
    const [type] = TYPES;
    if (type === undefined) throw new Error('no type');
    const spot = poolsOf(type).filter(({ market }) => market === 'spot');
    const rests = spot
      .slice(0, 101)
      .reduce<readonly BackOff[]>(
        (all, pool, n) =>
          afterSetback(all, { type: type.key, kind: 'capacity', reason: 'none', pool, pools: spot }, NOW + n),
        [],
      );
    expect(rests).toEqual([
      expect.objectContaining({ market: 'spot', until: NOW + 100 + 180, type: type.key }),
    ]);
  });
});
