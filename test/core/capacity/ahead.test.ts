/** What is launched for builds that are not queued yet. */
import { describe, expect, it } from 'vitest';
import { JOBSETS_MAX, jobsetsAfter } from '../../../lambdas/core/capacity/ahead.ts';
import type { Prospect } from '../../../lambdas/core/capacity/ahead.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { explainType } from '../../../lambdas/core/explain/type.ts';
import type { Evaluation, Farm, Harvest, Jobset, QueueStatus } from '../../../lambdas/core/model/index.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
  untrusted,
} from '../given.ts';

/** The host's clock is not ours. */
const HOST_NOW = NOW + 1000;
const ago = (seconds: number): number => HOST_NOW - seconds;

/** Days ago, with so many builds. */
const harvest = (builds: number, changed: Partial<Harvest> = {}): Harvest => ({
  at: ago(90_000),
  seconds: 200,
  kinds: [{ system: LINUX, features: [], builds }],
  ...changed,
});
const running = (changed: Partial<Evaluation> = {}): Evaluation => ({
  jobset: 'p:j',
  since: ago(100),
  endedAt: ago(90_000),
  harvests: [harvest(40), harvest(40)],
  ...changed,
});

interface Given {
  readonly evaluations?: readonly Evaluation[];
  readonly jobsets?: readonly Jobset[];
  readonly type?: Partial<WrittenMachineType>;
  readonly queue?: QueueStatus;
  readonly launchAhead?: boolean;
  readonly booting?: number;
}

function given({ evaluations = [running()], jobsets, type, queue, launchAhead = true, booting = 0 }: Given) {
  const machines = Array.from({ length: booting }, (_, n) =>
    aBootingMachine({ instanceId: `i-0000002${n}` }),
  );
  const farm: Farm = { backOffs: [], ...(jobsets === undefined ? {} : { jobsets }) };
  const observation = {
    ...anObservation({
      ...{ farm, machines, queue: queue ?? aStatus({ demand: [steps(LINUX, 0)] }) },
      instances: machines.map(({ instanceId }) => anInstance({ instanceId })),
    }),
    notice: { at: HOST_NOW, evaluations },
  };
  const dial = aType(LINUX, {
    ...{ targetWait: 600, maxJobs: 4, billing: 'per-second', maxMachines: 50 },
    ...type,
  });
  const config = aConfig([dial], { maxTotalMachines: 100, launchAhead });
  const plan = planFor(observation, config);
  return { config, observation, plan };
}

const launched = (what: Given): number =>
  given(what).plan.launches.reduce((sum, { count }) => sum + count, 0);
const seen = (ended: number, fruitful: number): readonly Jobset[] => [{ jobset: 'p:j', ended, fruitful }];

describe('machines are launched ahead', () => {
  it.each<[string, Given, number]>([
    ['for what an evaluation usually brings', {}, 10],
    ['for the least of two', { evaluations: [running({ harvests: [harvest(40), harvest(8)] })] }, 2],
    [
      'for the middle of three',
      { evaluations: [running({ harvests: [harvest(400), harvest(8), harvest(1)] })] },
      2,
    ],
    ['as one sum with what waits', { queue: aStatus({ demand: [steps(LINUX, 40)] }) }, 20],
    ['never beyond the cap', { type: { maxMachines: 3 } }, 3],
    ['less those that are on their way', { booting: 4 }, 6],
    ['not before two harvests are known', { evaluations: [running({ harvests: [harvest(40)] })] }, 0],
    ['not where it is turned off', { launchAhead: false }, 0],
    ['not of a type that counts otherwise', { type: { targetWait: undefined, runnablesPerMachine: 1 } }, 0],
    ['not long before they are needed', { evaluations: [running({ since: ago(20) })] }, 0],
    ['not for one that takes far too long', { evaluations: [running({ since: ago(461) })] }, 0],
    ['while it takes longer than ever', { evaluations: [running({ since: ago(459) })] }, 10],
    ['not while the queue is unknown', { queue: untrusted() }, 0],
    ['not for what brings nothing every other time', { jobsets: seen(1, 0) }, 0],
    ['for what does so again', { jobsets: seen(3, 2) }, 10],
    [
      'not where hours are paid for, whatever the jobset has brought',
      { type: { billing: 'hourly' }, jobsets: seen(3, 3) },
      0,
    ],
    [
      'not again for what it has queued by now',
      { evaluations: [running({ harvests: [harvest(36, { at: ago(5) }), harvest(40), harvest(40)] })] },
      1,
    ],
    [
      'for what is queued and not read yet',
      {
        evaluations: [
          { jobset: 'p:j', endedAt: ago(5), harvests: [harvest(12, { at: ago(6) }), harvest(9), harvest(9)] },
        ],
      },
      3,
    ],
    [
      'not for an evaluation that brought nothing',
      { evaluations: [{ jobset: 'p:j', endedAt: ago(5), harvests: [harvest(9), harvest(9)] }] },
      0,
    ],
  ])('%s', (_what, what, count) => {
    expect(launched(what)).toBe(count);
    const { config, observation, plan } = given(what);
    expect(checkPlan(cppChecks, config, observation, plan)).toEqual([]);
  });

  it('stay until the evaluation is over, and go then', () => {
    const ends = (what: Given): number =>
      given({ booting: 10, ...what }).plan.actions.filter(({ kind }) => kind === 'terminate').length;
    expect(ends({})).toBe(0);
    const surplus = aBootingMachine({ instanceId: 'i-00000020', surplusSince: NOW - 100 });
    const { observation, config } = given({ evaluations: [running({ since: ago(461) })] });
    const late = { ...observation, instances: [anInstance({ instanceId: surplus.instanceId })] };
    const state = { ...late.state, machines: [surplus] };
    expect(planFor({ ...late, state }, config).actions).toMatchObject([{ kind: 'terminate' }]);
  });

  it('with a reason in words', () => {
    const { config, observation, plan } = given({});
    const [demand] = plan.demand.types;
    expect(demand?.reason).toContain('the evaluation of p:j is likely to bring 40 builds: 10 ahead');
    expect(plan.actions[0]?.reason).toContain('10 ahead');
    if (demand === undefined) throw new Error('no demand');
    const because = explainType({ config, observation, plan }, demand).because.join('\n');
    expect(because).toContain('usually brings 40 builds; machines are launched ahead (some 50 %');
  });
});

describe('what is remembered of jobsets', () => {
  const prospect = (dueAt: number): Prospect => ({
    ...{ jobset: 'p:j', builds: 4, share: 0.5, state: 'likely', dueAt },
  });
  const after = (before: readonly Jobset[], evaluation: Evaluation, dueAt = ago(1)): readonly Jobset[] =>
    jobsetsAfter(before, { at: HOST_NOW, evaluations: [evaluation] }, [prospect(dueAt)]);
  const noted: Jobset = { jobset: 'p:j', since: ago(500), ended: 4, fruitful: 2 };

  it.each<[string, readonly Jobset[], Evaluation, Partial<Jobset>]>([
    ['one that could be launched for', [], running(), { since: ago(100), ended: 0, fruitful: 0 }],
    ['the same once', [{ ...noted, since: ago(100) }], running(), { since: ago(100), ended: 4 }],
    ['one in vain, when the next begins', [noted], running(), { since: ago(100), ended: 5, fruitful: 2 }],
    [
      'one that brought builds',
      [noted],
      running({ harvests: [harvest(1, { at: ago(300) })] }),
      { ended: 5, fruitful: 3 },
    ],
    [
      'one whose builds were all built already',
      [noted],
      running({ harvests: [harvest(1, { at: ago(300), kinds: [] })] }),
      { ended: 5, fruitful: 2 },
    ],
    [
      'one that crashed, once it is seen to be over',
      [noted],
      { jobset: 'p:j', endedAt: ago(5), harvests: [harvest(9)] },
      { ended: 5, fruitful: 2 },
    ],
    ['half of much', [{ ...noted, ended: 20, fruitful: 12 }], running(), { ended: 10, fruitful: 6 }],
  ])('counts %s', (_what, before, evaluation, expected) => {
    expect(after(before, evaluation)).toMatchObject([{ jobset: 'p:j', ...expected }]);
  });

  it('is nothing of one that was not due', () => {
    expect(after([], running(), HOST_NOW + 1)).toEqual([]);
  });

  it('has a bound, and the oldest leave', () => {
    const many = Array.from({ length: JOBSETS_MAX }, (_, n) => ({ jobset: `p:${n}`, ended: 1, fruitful: 1 }));
    const kept = after(many, running());
    expect(kept).toHaveLength(JOBSETS_MAX);
    expect(kept[0]).toMatchObject({ jobset: 'p:j' });
    expect(kept.at(-1)).toMatchObject({ jobset: `p:${JOBSETS_MAX - 2}` });
  });

  it('is kept where nothing is told', () => {
    const { plan } = given({ evaluations: [], jobsets: seen(3, 2) });
    expect(plan.farm.jobsets).toEqual(seen(3, 2));
  });
});
