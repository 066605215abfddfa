import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { TickRecord } from '../../../lambdas/core/account/tick-record.ts';
import { arbitraryFarm } from '../../core/arbitrary/farm.ts';

const [farm] = fc.sample(arbitraryFarm, { numRuns: 1, seed: 11 });
if (farm === undefined) throw new Error('no sample');
const { config, observation } = farm;
const quiet = { ...makePlan(config, observation, (n) => `new-${n}`), actions: [] };
const END = { id: 'r', at: 1, endedAt: 2, result: 'done', message: 'nothing' };

const at = (seconds: number, instances = observation.instances): Observation => ({
  ...observation,
  now: observation.now + seconds,
  instances,
});

describe('the record of a tick', () => {
  it('forgets rounds that told nothing, as it goes, and counts them', () => {
    const record = new TickRecord();
    for (let round = 0; round < 20; round++) {
      record.begin(at(round), quiet, []);
      if (round === 7) record.problem('refused');
      record.done({ launch: 0 });
    }
    const { rounds, leftOut } = record.entry(END);
    expect(rounds.map((round) => round.at - observation.now)).toEqual([0, 7, 19]);
    expect(rounds.map(({ problems }) => problems)).toEqual([[], ['refused'], []]);
    expect(leftOut).toBe(17);
  });

  it('holds no more observations of a large farm than it must', () => {
    const many = Array.from({ length: 6000 }, (_, index) => ({
      instanceId: `i-${index}`,
      state: 'running' as const,
      market: 'spot' as const,
      interrupted: false,
    }));
    const record = new TickRecord();
    for (let round = 0; round < 6; round++) {
      record.begin(at(round, many), quiet, []);
      record.problem(`problem ${round}`);
    }
    const { rounds } = record.entry(END);
    expect(rounds).toHaveLength(6);
    expect(rounds.filter((round) => round.observation !== undefined).length).toBeLessThanOrEqual(3);
    expect(rounds[0]?.observation).toBeDefined();
    expect(rounds.at(-1)?.observation).toBeDefined();
  });
});
