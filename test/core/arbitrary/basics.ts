/** Small pools of ids, addresses and times: in arbitrary farms things meet that hardly ever meet in life. */
import * as fc from 'fast-check';
import type { Pool, Sighting } from '../../../lambdas/core/model/index.ts';

export const NOW = 1_800_000_000;
export const KEYS = [
  'x86_64-linux',
  'aarch64-linux',
  'x86_64-linux:kvm',
  'x86_64-linux,aarch64-linux:big-parallel',
] as const;
export const TYPES = [...KEYS, 'removed-linux'] as const;
export const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
export const IDS = ['i-00000001', 'i-00000002', 'i-00000003', 'i-00000004', 'i-00000005', 'i-00000006'];
export const TEMPLATES = ['lt-00000001', 'lt-00000002'];
export const LAUNCHES = ['launch-a', 'launch-b', 'launch-c'];
export const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPropertyProperty builder';

/** A machine's own address three times in four, else any other. */
export const addressOf = (instanceId: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(ADDRESSES[IDS.indexOf(instanceId) % ADDRESSES.length] ?? '') },
    { weight: 1, arbitrary: fc.constantFrom(...ADDRESSES) },
  );

/** Seconds ago, with the edges of every rule among them. */
export const ago = fc.oneof(
  fc.constantFrom(0, 1, 29, 30, 31, 60, 119, 120, 300, 301, 600, 900, 901, 3000, 3599, 3600, 3601),
  fc.integer({ min: 0, max: 8000 }),
);
export const past = ago.map((seconds) => NOW - seconds);
export const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Absent nine times of ten: what is out of the ordinary. */
export const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.tuple(arbitrary, fc.nat({ max: 9 })).map(([value, chance]) => (chance === 9 ? value : undefined));

/** Optional fields are absent when they are undefined, as the model has them. */
export const record = <T extends object>(fields: {
  [Field in keyof T]-?: fc.Arbitrary<T[Field] | undefined>;
}): fc.Arbitrary<T> =>
  fc
    .record<object>(fields)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T);

/** The host's clock is up to ten minutes off. */
export const sighting = (skew: number): fc.Arbitrary<Sighting> =>
  fc.oneof(
    past.map((at) => ({ at, hostAt: at + skew })),
    fc.record({ at: past, hostAt: past.map((at) => at + skew) }),
  );

export const arbitraryPool: fc.Arbitrary<Pool> = fc.record({
  instanceType: fc.constant('c7i.2xlarge'),
  subnet: fc.constantFrom('', 'subnet-00000001'),
  market: fc.constantFrom('on-demand', 'spot'),
});
