/** For each rule: a good plan passes, and plans that break it are caught, whoever made them. */
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Drain, Observation } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  ADDRESS,
  HOST_KEY,
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  lacking,
  planFor,
  sightingAt,
  steps,
  untrusted,
} from '../given.ts';
import { ID, NEEDED, atWork, broken, ending, ends, withMachine } from './bad-plans.ts';

const DRAIN: Drain = {
  since: NOW - 300,
  reason: 'not needed',
  withdrawn: sightingAt(NOW - 290),
  knownWithdrawn: sightingAt(NOW - 270),
  quiet: sightingAt(NOW - 240),
  clear: sightingAt(NOW - 240),
};

describe('rule 1, unknown is not idle', () => {
  const blind = { queue: untrusted() };
  it('catches an end, a drain and an adoption without a trusted status', () => {
    expect(broken(atWork(blind), ends)).toContainEqual(
      `rule 1: would terminate ${ID} although the queue status is not trusted`,
    );
    const drains = (plan: Plan) => ({
      ...withMachine(plan, { phase: 'draining' }),
      offers: [],
    });
    expect(broken(atWork(blind), drains)[0]).toMatch(/^rule 1: would drain/);
    const stranger = anObservation({ instances: [anInstance()], ...blind });
    const adopts = ({ decisions }: Plan) => ({ machines: [aBootingMachine()], decisions });
    expect(broken(stranger, adopts)[0]).toMatch(/^rule 1: would adopt/);
  });
  it('catches the end of a machine that boots and has time left', () => {
    const booting = anObservation({ machines: [aBootingMachine()], instances: [anInstance()], ...blind });
    expect(broken(booting, ends)[0]).toMatch(/^rule 1: would terminate/);
  });
  it('lets go who is known not to answer, whom AWS takes, and whose type is gone', () => {
    const probes = [{ instanceId: ID, reached: false, detail: '' }];
    const machines = [aMachine({ unreachableSince: NOW - 200 })];
    const config = aConfig([aType('aarch64-linux')]);
    for (const [observation, types] of [
      [
        atWork({
          ...blind,
          ...anObservation({ machines }),
          ...blind,
          instances: [anInstance()],
          readiness: probes,
        }),
        NEEDED,
      ],
      [atWork({ ...blind, instances: [anInstance({ interrupted: true })] }), NEEDED],
      [atWork(blind), config],
    ] as [Observation, Config][]) {
      const plan = planFor(observation, types);
      expect(plan.machines[0]?.phase).toBe('draining');
      expect(checkPlan(cppChecks, types, observation, plan)).toEqual([]);
    }
  });
});

describe('rule 2, nobody is killed at work', () => {
  const drained = (drain: Partial<Drain>, seen = aQueueMachine({ offered: false }), more: object = {}) =>
    anObservation({
      machines: [lacking(aMachine({ phase: 'draining', drain: { ...DRAIN, ...drain } }), 'offered')],
      instances: [anInstance()],
      queue: aStatus({ machines: [seen], demand: [steps(LINUX, 1)], ...more }),
    });
  const caught = (observation: Observation): string => broken(observation, ends).join('; ');

  it('lets a machine go for which there is all evidence', () => {
    const observation = drained({});
    const plan = planFor(observation, NEEDED);
    expect(checkPlan(cppChecks, NEEDED, observation, { ...plan, ...ends(plan) })).toEqual([]);
  });
  it.each([
    ['the machine never drained', atWork(), 'that it is withdrawn was not verified'],
    [
      'nobody acknowledged',
      drained({ knownWithdrawn: sightingAt(NOW - 290) }),
      'was not seen to know that it is withdrawn',
    ],
    ['it was quiet before that', drained({ quiet: sightingAt(NOW - 271) }), 'not seen quiet'],
    ['it was quiet only just now', drained({ quiet: sightingAt(NOW - 29) }), 'no two quiet statuses'],
    [
      'one clock alone says 30 s',
      drained({ quiet: { at: NOW - 29, hostAt: NOW - 90 } }),
      'no two quiet statuses',
    ],
    ['it is busy', drained({}, aQueueMachine({ offered: false, currentJobs: 1 })), 'offered or busy'],
    ['it is listed', drained({}, aQueueMachine()), 'offered or busy'],
    ['it is not shown', drained({}, aQueueMachine({ key: '10.0.0.9' })), 'does not show it'],
    [
      'the answer is late, and was asked for too soon',
      { ...drained({ quiet: sightingAt(NOW - 60) }), askedAt: NOW - 31 },
      'no two quiet statuses',
    ],
    [
      'outputs may be on their way',
      drained({ clear: sightingAt(NOW - 250) }, aQueueMachine({ offered: false }), {
        stepsFinishing: 1,
      }),
      'fetched from it',
    ],
  ])('catches an end when %s', (_when, observation, words) => {
    expect(caught(observation)).toContain(`rule 2: would terminate ${ID}: `);
    expect(caught(observation)).toContain(words);
  });
  it.each<readonly [string, Partial<Drain>, number, boolean]>([
    ['one look without copies, now', {}, 0, false],
    ['one look without copies, before', { noneFinishing: sightingAt(NOW - 240) }, 1, false],
    ['one before it was quiet, and one now', { noneFinishing: sightingAt(NOW - 241) }, 0, false],
    ['the same look twice', { noneFinishing: sightingAt(NOW) }, 0, false],
    ['two looks without copies', { noneFinishing: sightingAt(NOW - 240) }, 0, true],
  ])('of outputs copied back: %s', (_what, looks, stepsFinishing, isProof) => {
    const quiet = lacking(DRAIN, 'clear');
    const before = aMachine({ phase: 'draining', drain: { ...quiet, ...looks } });
    const observation = {
      ...drained({}, aQueueMachine({ offered: false }), { stepsFinishing }),
      ...{ state: anObservation({ machines: [lacking(before, 'offered')] }).state },
    };
    const proven = { phase: 'draining', drain: { ...quiet, clear: sightingAt(NOW) } } as const;
    expect(caught(observation).includes('fetched from it')).toBe(!isProof);
    const madeUp = broken(observation, (plan) => withMachine(plan, proven)).filter((line) =>
      line.includes('make up'),
    );
    expect(madeUp.length).toBe(isProof ? 0 : 1);
  });
  it('catches a run without copies that is made up, or goes on through one', () => {
    const copying = (drain: Partial<Drain>) =>
      drained(drain, aQueueMachine({ offered: false }), { stepsFinishing: 1 });
    const claims = (at: number) => (plan: Plan) =>
      withMachine(plan, { phase: 'draining', drain: { ...DRAIN, noneFinishing: sightingAt(at) } });
    expect(broken(copying({}), claims(NOW)).join()).toContain('was seen without steps that are finishing');
    const run = { noneFinishing: sightingAt(NOW - 200) };
    expect(broken(copying(run), claims(NOW - 200)).join()).toContain(
      'is still without steps that are finishing',
    );
  });
  it('catches evidence that this round does not show', () => {
    const forge = (drain: Drain) => (plan: Plan) => withMachine(plan, { phase: 'draining', drain });
    const observation = drained({});
    const { withdrawn: left, ...start } = DRAIN;
    const begun = anObservation({
      ...observation.state,
      machines: [aMachine({ phase: 'draining', drain: { since: start.since, reason: start.reason } })],
      instances: [anInstance()],
      queue: aStatus({ machines: [aQueueMachine({ currentJobs: 1 })] }),
    });
    const made = (drain: Partial<Drain>) =>
      broken(begun, forge({ since: NOW, reason: '', ...drain })).filter((line) => line.includes('make up'));
    expect(made({ withdrawn: left ?? sightingAt(NOW) })[0]).toContain('is withdrawn');
    expect(made({ knownWithdrawn: sightingAt(NOW) })[0]).toContain('is known to be withdrawn');
    expect(made({ quiet: sightingAt(NOW - 60) })[0]).toContain('another time');
    const shown = broken(observation, forge({ ...DRAIN, missing: sightingAt(NOW) }));
    expect(shown.join()).toContain('would make up that i-00000001 is not shown');
  });
  it('catches a machine at work whose work is forgotten, which would be killed next time', () => {
    const forget = (plan: Plan) => ({
      ...withMachine(plan, { phase: 'booting' }),
      offers: [],
    });
    expect(broken(atWork(), forget)).toContainEqual(`rule 2: would forget that ${ID} may be at work`);
  });
  it('catches the end of a booting machine at an address the queue runner has work on', () => {
    const queue = aStatus({ machines: [aQueueMachine({ currentJobs: 1 })] });
    const machines = [aBootingMachine({ address: ADDRESS })];
    expect(broken(anObservation({ machines, instances: [anInstance()], queue }), ends)[0]).toContain(
      'rule 2',
    );
  });
});

describe('the checker', () => {
  it('believes no reason a plan gives', () => {
    const observation = atWork();
    const plan = planFor(observation, NEEDED);
    const glib = { ...plan, ...ends(plan), actions: [{ ...ending(), reason: 'it is drained, I swear' }] };
    expect(checkPlan(cppChecks, NEEDED, observation, glib as Plan)[0]).toContain('rule 2');
  });
  it('tells everything at once', () => {
    const rules = broken(atWork({ queue: untrusted() }), (plan) => ({
      ...ends(plan),
      offers: plan.offers,
      decisions: [],
    }));
    expect([...new Set(rules.map((line) => line.slice(0, 6)))]).toEqual([
      'rule 1',
      'rule 2',
      'rule 6',
      'rule 8',
    ]);
    expect(HOST_KEY).toContain('ssh-');
  });
});
