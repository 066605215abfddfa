/** Where EC2 chooses the instance type: what it may choose from, and what rests after a setback. */
import { describe, expect, it } from 'vitest';
import { poolOf, poolsOf, usablePools } from '../../../lambdas/core/capacity/pools.ts';
import { afterRefusals, afterSetback } from '../../../lambdas/core/capacity/setback.ts';
import type { BackOff, Pool, Refusal } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
} from '../given.ts';

const SUBNETS = ['a', 'b', 'c', 'd', 'e'].map((letter) => `subnet-0${letter.repeat(16)}`);
const [A = '', B = ''] = SUBNETS;
const TYPE = aType(LINUX, {
  instanceRequirements: {
    vCpus: { min: 8, max: 8 },
    memoryGiB: { min: 16 },
    excludeFamilies: [],
    localDisk: false,
  },
  market: 'spot-then-on-demand',
  subnets: SUBNETS,
});
const pool = (subnet: string, instanceType = '', market: Pool['market'] = 'spot'): Pool => ({
  instanceType,
  subnet,
  market,
});
const rest = (of: Pool, changed: Partial<BackOff> = {}): BackOff => ({
  type: LINUX,
  pool: of,
  failures: 1,
  until: NOW + 300,
  reason: 'no capacity',
  cause: 'refused',
  ...changed,
});
const usable = (...backOffs: readonly BackOff[]) => usablePools(TYPE, backOffs, NOW);

describe('a launch whose instance type EC2 chooses', () => {
  it('asks in at most four subnets, with nothing to leave out', () => {
    expect(poolsOf(TYPE)).toHaveLength(10);
    expect(usable()).toEqual({ pools: SUBNETS.slice(0, 4).map((subnet) => pool(subnet)) });
  });

  it('turns to the other subnets, and then to on-demand, when those rest', () => {
    expect(usable(rest(pool(A))).pools).toEqual(SUBNETS.slice(1).map((subnet) => pool(subnet)));
    const allOfSpot = usable(...SUBNETS.map((subnet) => rest(pool(subnet))));
    expect(allOfSpot.pools.map(({ market }) => market)).toEqual(Array(4).fill('on-demand'));
  });

  it('asks where the same instance types rest, and has them left out', () => {
    const backOffs = [
      rest(pool(A, 'c7i.2xlarge')),
      rest(pool(A, 'c7a.2xlarge')),
      rest(pool(B, 'c7a.2xlarge')),
    ];
    expect(usable(...backOffs)).toEqual({ pools: [pool(A)], without: ['c7a.2xlarge', 'c7i.2xlarge'] });
    expect(usable(...backOffs.slice(0, 1))).toEqual({ pools: [pool(A)], without: ['c7i.2xlarge'] });
    expect(usable(rest(pool(B, 'c7a.2xlarge'))).pools).not.toContainEqual(pool(B));
  });

  it('leaves out neither what rests on the other market nor what rested', () => {
    expect(usable(rest(pool(A, 'c7i.2xlarge', 'on-demand')))).not.toHaveProperty('without');
    expect(usable(rest(pool(A, 'c7i.2xlarge'), { until: NOW }))).not.toHaveProperty('without');
  });

  it('leaves out what lately lost machines, and tries one of it when EC2 had nothing else', () => {
    const lost = rest(pool(A, 'c7i.2xlarge'), { until: NOW - 1, cause: 'ended', trial: true });
    expect(usable(lost)).toEqual({ pools: [pool(A)], without: ['c7i.2xlarge'] });
    const refused = rest(pool(A), { until: NOW - 1 });
    expect(usable(lost, refused)).toEqual({
      pools: SUBNETS.slice(0, 4).map((subnet) => pool(subnet)),
      trial: lost,
    });
  });

  it('records what it leaves out, since EC2 takes a launch twice only when it is the same', () => {
    const observation = anObservation({
      farm: { backOffs: [rest(pool(A, 'c7i.2xlarge'))] },
      queue: aStatus({ demand: [steps(LINUX, 4)] }),
    });
    expect(planFor(observation, aConfig([TYPE])).launches).toMatchObject([
      { pools: [pool(A)], without: ['c7i.2xlarge'] },
    ]);
  });
});

describe('a setback where EC2 chose', () => {
  const refusal = (of: Pool | undefined, says: string): Refusal => ({
    kind: 'capacity',
    code: 'InsufficientInstanceCapacity',
    says,
    ...(of && { pool: of }),
  });
  const launch = { type: LINUX, pools: [pool(A), pool(B)] };

  it('rests the instance type that AWS named, and not the subnet', () => {
    const refusals = ['c7i.2xlarge', 'c7a.2xlarge'].map((name) => refusal(pool(A, name), `no ${name}`));
    expect(afterRefusals([], launch, refusals, NOW).map((one) => one.pool)).toEqual([
      pool(A, 'c7i.2xlarge'),
      pool(A, 'c7a.2xlarge'),
    ]);
  });

  it('rests the market where every subnet was refused outright', () => {
    const refusals = [refusal(pool(A), 'none'), refusal(pool(B), 'none')];
    expect(afterRefusals([], launch, refusals, NOW)).toMatchObject([{ market: 'spot' }]);
    expect(afterRefusals([], launch, refusals.slice(0, 1), NOW)).toMatchObject([{ pool: pool(A) }]);
  });

  it('that names no place is not taken for one about all of them', () => {
    const setback = { type: LINUX, kind: 'capacity', reason: 'there is  none.', pools: launch.pools };
    expect(afterSetback([], setback, NOW)).toMatchObject([{ market: 'spot' }]);
  });

  it('is about the instance type the machine is of', () => {
    const machine = aMachine({ pool: pool(A, 'm7a.2xlarge') });
    expect(poolOf(TYPE, machine, undefined)).toEqual(pool(A, 'm7a.2xlarge'));
    const seen = anInstance({ instanceType: 'r7a.2xlarge', subnet: B, market: 'on-demand' });
    expect(poolOf(TYPE, aMachine(), seen)).toEqual(pool(B, 'r7a.2xlarge', 'on-demand'));
    expect(poolOf(TYPE, aMachine(), anInstance({ subnet: 'subnet-0ffffffffffffffff' }))).toBeUndefined();
  });
});
