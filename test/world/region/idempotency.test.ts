import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../local/world/region/idempotency.ts';
import { RegionBench, SUBNET_A, SUBNET_B, X86_IMAGE, refusal } from './bench.ts';

const token = { clientToken: 'launch-1' };

describe('a client token', () => {
  it('makes the same request have its effect once, and shows the instances as they are now', () => {
    const bench = new RegionBench();
    const first = bench.run({}, { maxCount: 2, ...token });
    bench.advance(60);
    const second = bench.run({}, { maxCount: 2, ...token });
    expect(second.map(({ instanceId }) => instanceId)).toEqual(first.map(({ instanceId }) => instanceId));
    expect(second[0]).toMatchObject({ state: 'running', clientToken: 'launch-1' });
    expect(bench.region.instances.all).toHaveLength(2);
  });

  it('refuses other parameters', () => {
    const bench = new RegionBench();
    bench.run({}, token);
    expect(refusal(() => bench.run({}, { maxCount: 2, ...token }))).toBe('IdempotentParameterMismatch');
    expect(refusal(() => bench.run({ instanceType: 'c7a.large' }, token))).toBe(
      'IdempotentParameterMismatch',
    );
  });

  it('counts in its zone alone once a subnet or zone is named: the same token launches again in another', () => {
    const bench = new RegionBench();
    const inA = bench.runOne({ subnetId: SUBNET_A }, token);
    const inB = bench.runOne({ subnetId: SUBNET_B }, token);
    const anywhere = bench.runOne({}, token);
    expect(new Set([inA, inB, anywhere].map(({ instanceId }) => instanceId)).size).toBe(3);
    expect(bench.runOne({ subnetId: SUBNET_B }, token).instanceId).toBe(inB.instanceId);
  });

  it('is still free after a refusal', () => {
    const bench = new RegionBench();
    bench.region.capacity.limit({}, 0);
    expect(refusal(() => bench.run({}, token))).toBe('InsufficientInstanceCapacity');
    bench.region.capacity.limit({}, 5);
    expect(bench.run({}, { maxCount: 2, ...token })).toHaveLength(2);
  });

  it.each([
    ['IdempotentInstanceTerminated', 'IdempotentInstanceTerminated'],
    ['terminated-instances', 'none'],
  ] as const)('of terminated instances is answered with %s', (terminatedTokenAnswer, code) => {
    const bench = new RegionBench({ terminatedTokenAnswer });
    const [instance] = bench.run({}, token);
    bench.region.power.terminate([instance?.instanceId ?? '']);
    expect(refusal(() => bench.run({}, token))).toBe('none');
    bench.advance(60);
    expect(refusal(() => bench.run({}, token))).toBe(code);
    expect(bench.region.instances.all).toHaveLength(1);
  });

  it('is answered also when the image has gone since', () => {
    const bench = new RegionBench();
    const { instanceId } = bench.runOne({}, token);
    bench.region.images.deregister(X86_IMAGE);
    expect(bench.runOne({}, token).instanceId).toBe(instanceId);
  });

  it.each(['', 'x'.repeat(65), 'schlüssel'])('cannot be %o', (clientToken) => {
    expect(refusal(() => new RegionBench().run({}, { clientToken }))).toBe('InvalidParameterValue');
  });
});

it('requests are told apart by what they say, not by the order they say it in', () => {
  expect(fingerprint({ a: 1, b: { c: [1, 2], d: 2 } })).toBe(fingerprint({ b: { d: 2, c: [1, 2] }, a: 1 }));
  expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
});
