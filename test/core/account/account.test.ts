import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_YET, tellingRounds, withRound } from '../../../lambdas/core/account/account.ts';
import type { Account, RoundTold } from '../../../lambdas/core/account/account.ts';
import type { Instance, JournalRound } from '../../../lambdas/core/model/index.ts';
import { entryOf } from '../../../lambdas/core/account/journal.ts';
import { metricsOf } from '../../../lambdas/core/account/metrics.ts';
import { summaryOf } from '../../../lambdas/core/account/summary.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import { NOW } from '../arbitrary/basics.ts';
import { arbitraryFarm } from '../arbitrary/farm.ts';
import { aMachine } from '../given.ts';

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

describe('the seconds that machines ran', () => {
  const SINCE = observation.now - 300;
  const ours = (state: 'pending' | 'running' | 'stopped' | 'unknown', startedAt: number) =>
    ({
      instanceId: `i-${state}-${startedAt}`,
      state,
      startedAt,
      market: 'spot',
      interrupted: false,
    }) as const;
  const running = ours('running', 0);

  /** A round `seconds` after the first, which finds that a round was recorded at `lastTickAt`. */
  function lookAt(
    seconds: number,
    lastTickAt: number | undefined,
    instances: readonly Instance[] = [running],
  ): RoundTold {
    const round = quietRound(seconds);
    const { lastTickAt: before, ...farm } = round.observation.state.farm;
    void before;
    const recorded = lastTickAt === undefined ? farm : { ...farm, lastTickAt };
    const state = { ...round.observation.state, farm: recorded };
    return { ...round, observation: { ...round.observation, instances, state } };
  }
  const secondsOf = (...rounds: readonly RoundTold[]): number | undefined =>
    metricsOf(accountOf(...rounds), { ...config, observeOnly: false, schedulePeriodSeconds: 300 })
      ?.machineSeconds;

  it('are those of all that run or begin to, since the tick before or since they started', () => {
    const late = [ours('running', observation.now - 100), ours('unknown', observation.now - 10)];
    const early = ours('pending', observation.now - 5);
    expect(secondsOf(lookAt(0, SINCE, [running, ...late, early, ours('stopped', 0)]))).toBe(
      300 + 100 + 10 + 5,
    );
  });

  it('are counted once however many rounds the tick has, up to the last', () => {
    const rounds = [0, 15, 30].map((seconds, n) =>
      lookAt(seconds, n === 0 ? SINCE : observation.now + 15 * (n - 1)),
    );
    expect(secondsOf(...rounds)).toBe(330);
    const quiet = Array.from({ length: 20 }, (_, n) => lookAt(n, n === 0 ? SINCE : observation.now + n - 1));
    expect(secondsOf(...quiet)).toBe(319);
  });

  it('are none at a first tick, and those of two periods at most after a pause', () => {
    expect(secondsOf(lookAt(0, undefined), lookAt(15, observation.now))).toBe(0);
    expect(secondsOf(lookAt(0, observation.now - 86_400))).toBe(600);
  });

  it('are left to the next tick where a refused plan keeps the look from being recorded', () => {
    const refused = { violations: ['a cap'], isCarriedOut: false };
    expect(secondsOf({ ...lookAt(0, SINCE), ...refused })).toBe(0);
    expect(secondsOf(lookAt(0, SINCE), { ...lookAt(15, observation.now), ...refused })).toBe(300);
  });

  it('cost what those machines do whose price is known', () => {
    const round = lookAt(0, SINCE, [running, ours('unknown', observation.now - 36)]);
    const priced = aMachine({ instanceId: running.instanceId, dollarsPerHour: 0.6 });
    const account = accountOf({ ...round, plan: { ...round.plan, machines: [priced] } });
    const told = metricsOf(account, { ...config, observeOnly: false, schedulePeriodSeconds: 300 });
    expect(told?.dollars).toBeCloseTo((300 / 3600) * 0.6);
    expect(metricsOf(accountOf(round), config)?.dollars).toBe(0);
  });

  it('are not told where nothing is recorded', () => {
    const account = accountOf({ ...lookAt(0, SINCE), isCarriedOut: false });
    expect(metricsOf(account, { ...config, observeOnly: true })).not.toHaveProperty('machineSeconds');
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
