import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_YET, tellingRounds, withRound } from '../../../lambdas/core/account/account.ts';
import type { Account, RoundTold } from '../../../lambdas/core/account/account.ts';
import type { JournalRound } from '../../../lambdas/core/model/index.ts';
import { entryOf } from '../../../lambdas/core/account/journal.ts';
import { metricsOf } from '../../../lambdas/core/account/metrics.ts';
import { summaryOf } from '../../../lambdas/core/account/summary.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import { NOW } from '../arbitrary/basics.ts';
import { arbitraryFarm } from '../arbitrary/farm.ts';

const [farm] = fc.sample(arbitraryFarm, { numRuns: 1, seed: 11 });
if (farm === undefined) throw new Error('no sample');
const { config, observation } = farm;
const END = { id: 'r', at: 1, endedAt: 2, result: 'done', message: 'nothing' };

/** A round without actions that was carried out, `seconds` later. */
const quietRound = (seconds: number, ...problems: readonly string[]): RoundTold => {
  const plan = { ...makePlan(cppLife, config, observation, (n) => `new-${n}`), actions: [] };
  const done = { launch: 0, start: 0, stop: 0, terminate: 0 };
  return {
    observation: { ...observation, now: observation.now + seconds },
    plan,
    violations: [],
    isCarriedOut: true,
    problems: problems.map((says) => ({ says })),
    givenUp: 0,
    outcome: {
      machines: plan.machines,
      answeredLaunches: [],
      backOffs: [],
      refused: 0,
      problems: [],
      done,
    },
    machines: plan.machines,
  };
};

const accountOf = (...rounds: readonly RoundTold[]): Account => rounds.reduce(withRound, NOTHING_YET);

describe('the account of a tick', () => {
  it('forgets rounds that told nothing, as it goes, and counts them', () => {
    const rounds = Array.from({ length: 20 }, (_, n) => quietRound(n, ...(n === 7 ? ['refused'] : [])));
    const account = accountOf(...rounds);
    const entry = entryOf(account, END);
    expect(entry.rounds.map((round) => round.at - observation.now)).toEqual([0, 7, 19]);
    expect(entry.rounds.map(({ problems }) => problems)).toEqual([[], [{ says: 'refused' }], []]);
    expect(entry.leftOut).toBe(17);
    expect(summaryOf(account, 'done').rounds).toBe(20);
    expect(metricsOf(account, config)).toMatchObject({ rounds: 20, problems: 1 });
  });

  it('holds no more observations of a large farm than it must', () => {
    const instances = Array.from({ length: 6000 }, (_, index) => ({
      instanceId: `i-${index}`,
      state: 'running' as const,
      market: 'spot' as const,
      interrupted: false,
    }));
    const rounds = Array.from({ length: 6 }, (_, n) => {
      const round = quietRound(n, `problem ${n}`);
      return { ...round, observation: { ...round.observation, instances } };
    });
    const entry = entryOf(accountOf(...rounds), END);
    expect(entry.rounds).toHaveLength(6);
    expect(entry.rounds.filter((round) => round.observation !== undefined).length).toBeLessThanOrEqual(3);
    expect(entry.rounds[0]?.observation).toBeDefined();
    expect(entry.rounds.at(-1)?.observation).toBeDefined();
  });

  it('counts what is done in a round that does not come to its end, and tells the farm as the one before left it', () => {
    const { machines, outcome, ...begun } = quietRound(15, 'lost');
    void machines;
    const launched = { ...outcome, done: { launch: 2, start: 0, stop: 0, terminate: 0 } };
    const account = accountOf(quietRound(0), {
      ...begun,
      outcome: launched as RoundTold['outcome'],
      givenUp: 1,
    } as RoundTold);
    expect(summaryOf(account, 'superseded')).toMatchObject({
      result: 'superseded',
      message: 'another tick took over; until then launched 2; 1 problem',
      rounds: 1,
      done: { launch: 2 },
    });
    expect(metricsOf(account, config)).toMatchObject({ launch: 2, rounds: 1, givenUpMachines: 1 });
  });

  it('of no round at all has no metrics, and an empty answer', () => {
    expect(metricsOf(NOTHING_YET, config)).toBeUndefined();
    expect(summaryOf(NOTHING_YET, 'superseded')).toMatchObject({ rounds: 0, queue: 'not asked', types: [] });
  });
});

describe('compaction', () => {
  const quiet = (verdict: string): JournalRound => ({
    at: NOW,
    decisions: [{ subject: { type: 'x86_64-linux' }, verdict, reason: `for ${verdict}` }],
    actions: [],
    violations: [],
    problems: [],
  });
  const verdicts = (rounds: readonly JournalRound[]): readonly string[] =>
    tellingRounds(rounds).map(({ decisions }) => decisions[0]?.verdict ?? '');

  it('keeps the first, the last, and every round that decided otherwise', () => {
    const rounds = ['a', 'a', 'a', 'b', 'b', 'a', 'a'].map(quiet);
    expect(verdicts(rounds)).toEqual(['a', 'b', 'a', 'a']);
  });

  it('keeps every round that acted or met a problem', () => {
    const acted: JournalRound = {
      ...quiet('a'),
      actions: [{ kind: 'stop', instanceId: 'i-1', reason: 'not needed' }],
    };
    const troubled = { ...quiet('a'), problems: [{ says: 'refused' }] };
    expect(verdicts([quiet('a'), acted, quiet('a'), troubled, quiet('a')])).toHaveLength(4);
  });
});
