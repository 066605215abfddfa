/** Rules 5 to 8: plans that lose records, spoil the machines file or say nothing are caught. */
import { describe, expect, it } from 'vitest';
import type { Action, Launch } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import { LINUX, NOW, aLaunch, anInstance, anObservation } from '../given.ts';
import { ID, atWork, broken } from './bad-plans.ts';

describe('rule 5, no orphan and no double', () => {
  const sends = (...launches: Launch[]): Action[] =>
    launches.map((launch) => ({ kind: 'launch', launch, reason: 'because' }));
  const empty = anObservation({});
  const launch = aLaunch({ id: 'new-1' });
  it.each([
    ['sent without being saved', () => ({ actions: sends(launch), launches: [] }), 'without being saved'],
    [
      'sent under a token EC2 refuses',
      () => ({ actions: sends({ ...launch, id: 'a b' }), launches: [{ ...launch, id: 'a b' }] }),
      'no EC2 client token',
    ],
    [
      'sent twice',
      () => ({ actions: sends(launch, launch), launches: [launch] }),
      'the token of two launches',
    ],
    [
      'for nothing',
      () => ({ actions: sends({ ...launch, count: 0 }), launches: [{ ...launch, count: 0 }] }),
      'asks for 0 machines',
    ],
    [
      'to nowhere',
      () => ({ actions: sends({ ...launch, pools: [] }), launches: [{ ...launch, pools: [] }] }),
      'names no pool',
    ],
  ])('catches a launch %s', (_how, bad, words) => {
    expect(broken(empty, bad).join('; ')).toContain(words);
  });
  it('catches a token that an instance bears already, and one sent again for something else', () => {
    const worn = anObservation({ instances: [anInstance({ launchId: 'new-1' })] });
    expect(broken(worn, () => ({ actions: sends(launch), launches: [launch] })).join()).toContain(
      'used before',
    );
    const open = anObservation({ launches: [launch] });
    const changed = { ...launch, count: 2 };
    expect(broken(open, () => ({ actions: sends(changed), launches: [changed] })).join()).toContain(
      'other words',
    );
  });
  it('catches a young launch that would be forgotten', () => {
    const open = anObservation({ launches: [aLaunch({ requestedAt: NOW - 60 })] });
    expect(
      broken(open, () => ({ launches: [], actions: [], closedLaunches: ['launch-1'] })).join(),
    ).toContain('would be forgotten');
  });
  it('catches an instance without a record, a closed record of one, and a record that just vanishes', () => {
    const none = { machines: [], offers: [] };
    expect(broken(atWork(), () => none).join()).toContain('the record of i-00000001 would be lost');
    expect(broken(atWork(), () => none).join()).toContain('instance i-00000001 would have no record');
    expect(broken(atWork(), () => ({ ...none, closedMachines: new Map([[ID, 'gone']]) })).join()).toContain(
      'closed although it exists',
    );
  });
  it('catches two records, and two actions, for one machine', () => {
    expect(broken(atWork(), ({ machines }) => ({ machines: [...machines, ...machines] })).join()).toContain(
      'two records',
    );
    const action: Action = { kind: 'terminate', instanceId: ID, reason: 'because' };
    expect(broken(atWork(), () => ({ actions: [action, action] })).join()).toContain('acted on twice');
  });
});

describe('rule 8, everything has a reason', () => {
  it.each<[string, (plan: Plan) => Partial<Plan>, string]>([
    [
      'an action',
      () => ({ actions: [{ kind: 'start', instanceId: 'i-9', reason: ' ' }] }),
      'a start has no reason',
    ],
    [
      'a decision',
      ({ decisions }) => ({ decisions: decisions.map((decision) => ({ ...decision, reason: '' })) }),
      'has no reason',
    ],
    ['a type', ({ decisions }) => ({ decisions: decisions.slice(1) }), `nothing is said of type ${LINUX}`],
    [
      'a machine',
      ({ decisions }) => ({ decisions: decisions.slice(0, 1) }),
      `nothing is said of machine ${ID}`,
    ],
  ])('catches %s without one', (_what, bad, words) => {
    expect(broken(atWork(), bad).join('; ')).toContain(words);
  });
  it('catches an instance that is left alone without a word', () => {
    const unreadable = [{ key: 'machine#1', instanceId: ID, problem: 'phase' }];
    const observation = anObservation({ instances: [anInstance()], unreadable });
    expect(broken(observation, ({ decisions }) => ({ decisions: decisions.slice(0, 1) })).join()).toContain(
      ID,
    );
  });
});
