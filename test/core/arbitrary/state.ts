/** Arbitrary things remembered. */
import * as fc from 'fast-check';
import type {
  BackOff,
  Farm,
  FarmState,
  Floor,
  Gaps,
  Launch,
  Market,
  Runner,
} from '../../../lambdas/core/model/index.ts';
import { IDS, LAUNCHES, NOW, TYPES, ago, arbitraryPool, past, rarely, record, some } from './basics.ts';
import { arbitraryMachine } from './machines.ts';

/** At most one of each type. */
const each = <T extends { readonly type: string }>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(one, { selector: ({ type }) => type, maxLength: 3 });

const arbitraryGaps: fc.Arbitrary<Gaps> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    need: fc.nat({ max: 3 }),
    height: fc.nat({ max: 9 }),
    since: past,
    counts: fc.array(fc.nat({ max: 30 }), { minLength: 11, maxLength: 11 }),
    group: fc.nat({ max: 4 }),
  })
  .map(({ type, need, height, since, counts, group }) => ({
    ...{ type, need },
    falls: height === 0 ? [] : [{ from: need + 1, to: need + height, since }],
    seen: [{ group, counts }],
  }));

export function arbitraryState(skew: number): fc.Arbitrary<FarmState> {
  const parts = {
    runner: some(record<Runner>({ kind: fc.constantFrom('cpp', 'rust'), since: past })),
    lastTrustedAt: some(past),
    untrustedSince: some(past),
    stalledSince: some(past),
    lastNudgedAt: some(past),
    lastTickAt: some(past),
    offerFailures: rarely(
      fc.record({ times: fc.integer({ min: 1, max: 5 }), since: past, says: fc.constant('no space') }),
    ),
    buildsQueued: some(fc.nat({ max: 900 })),
    waiting: some(each(fc.record({ type: fc.constantFrom(...TYPES), since: past }))),
    durations: some(
      each(fc.record({ type: fc.constantFrom(...TYPES), mean: fc.integer({ min: 1, max: 9000 }) })),
    ),
    gaps: some(each(arbitraryGaps)),
    backOffs: fc.array(
      record<BackOff>({
        type: fc.constantFrom(...TYPES),
        pool: some(arbitraryPool),
        market: rarely(fc.constantFrom<Market>('on-demand', 'spot')),
        failures: fc.integer({ min: 1, max: 9 }),
        trial: fc.option(fc.constant(true as const), { nil: undefined }),
        until: ago.map((seconds) => NOW + 4000 - seconds),
        at: some(past),
        reason: fc.constant('no capacity'),
        cause: some(fc.constantFrom('refused', 'never-ready', 'ended', 'taken')),
      }),
      { maxLength: 3 },
    ),
  };
  const farm: fc.Arbitrary<Farm> = record<Pick<Farm, keyof typeof parts>>(parts);
  const launch = (id: string): fc.Arbitrary<Launch> =>
    record<Launch>({
      id: fc.constant(id),
      type: fc.constantFrom(...TYPES),
      count: fc.integer({ min: 1, max: 3 }),
      pools: fc.array(arbitraryPool, { minLength: 1, maxLength: 2 }),
      without: some(fc.constant(['c7i.2xlarge'])),
      requestedAt: past,
      runner: some(fc.constant('rust')),
    });
  const floor: fc.Arbitrary<Floor> = fc.record({
    type: fc.constantFrom(...TYPES),
    count: fc.integer({ min: 1, max: 5 }),
    until: fc.constant(NOW + 600),
  });
  return fc.record({
    farm,
    machines: fc.subarray(IDS).chain((ids) => fc.tuple(...ids.map((id) => arbitraryMachine(id, skew)))),
    launches: fc.subarray(LAUNCHES).chain((ids) => fc.tuple(...ids.map(launch))),
    floors: fc.uniqueArray(floor, { selector: ({ type }) => type, maxLength: 2 }),
  });
}
