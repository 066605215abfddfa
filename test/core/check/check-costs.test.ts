/** Rules 3 and 4: plans that buy too much, or throw away what is paid for, are caught. */
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aLaunch,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
} from '../given.ts';
import { ID, atWork, broken, ends, withMachine } from './bad-plans.ts';

describe('rule 3, caps are hard', () => {
  const launchOf = (count: number, id = 'new-9'): Partial<Plan> => {
    const launch = aLaunch({ id, count });
    return { launches: [launch], actions: [{ kind: 'launch', launch, reason: 'because' }] };
  };
  const capped = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 3 })], { maxTotalMachines: 4 });
  it.each([
    ['of the type', atWork(), 3, 'maxMachines of'],
    [
      'of all types',
      atWork({ instances: [anInstance(), anInstance({ instanceId: 'i-2', type: 'x' })] }),
      3,
      'maxTotal',
    ],
    [
      'beside a stopping one',
      atWork({ instances: [anInstance({ state: 'stopping' })] }),
      3,
      'maxMachines of',
    ],
    ['beside a request', anObservation({ launches: [aLaunch({ count: 2 })] }), 2, 'maxMachines of'],
  ])('catches a launch above the cap %s', (_what, observation, count, words) => {
    const bad = (plan: Plan) => {
      const { launches = [], actions = [] } = launchOf(count);
      return { launches: [...plan.launches, ...launches], actions: [...plan.actions, ...actions] };
    };
    expect(broken(observation, bad, capped).join('; ')).toContain(words);
  });
  it('catches a start above the cap', () => {
    const machines = [aMachine({ phase: 'stopped' })];
    const observation = anObservation({ machines, instances: [anInstance({ state: 'stopped' })] });
    const start = (plan: Plan): Partial<Plan> => ({
      ...withMachine(plan, { phase: 'booting' }),
      actions: [{ kind: 'start', instanceId: ID, reason: 'because' }],
    });
    expect(
      broken(observation, start, aConfig([aType(LINUX, { maxMachines: 0, stopOnIdle: true })]))[0],
    ).toContain('rule 3');
  });
  it('lets a launch be sent again that a lowered cap would not allow', () => {
    const observation = anObservation({ launches: [aLaunch({ count: 9 })] });
    expect(checkPlan(cppChecks, capped, observation, planFor(observation, capped))).toEqual([]);
  });
});

describe('rule 3, dollars', () => {
  const prices = {
    askedAt: NOW,
    asked: ['c7i.2xlarge'],
    prices: [{ instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.3 } as const],
  };
  const limited = (maxDollarsPerHour: number, dollarsPerHour?: number) =>
    aConfig([aType(LINUX, { minMachines: 1, ...(dollarsPerHour !== undefined && { dollarsPerHour }) })], {
      maxDollarsPerHour,
    });
  const launching = (count: number) => (plan: Plan) => {
    const launch = aLaunch({ id: 'new-9', count });
    return {
      launches: [...plan.launches, launch],
      actions: [...plan.actions, { kind: 'launch', launch, reason: 'because' } as const],
    };
  };
  const told = (observation: ReturnType<typeof atWork>) => ({
    ...observation,
    state: { ...observation.state, prices },
  });
  it('catches a launch that would cost too much beside what runs and what is asked for', () => {
    expect(broken(told(atWork()), launching(3), limited(1.2))).toEqual([]);
    expect(broken(told(atWork()), launching(4), limited(1.2))[0]).toContain(
      'rule 3: 1.5000 dollars an hour would exceed maxDollarsPerHour, which is 1.2',
    );
    const asked = anObservation({ launches: [aLaunch({ count: 2 })] });
    expect(broken(told(asked), launching(2), limited(1.2))).toEqual([]);
    expect(broken(told(asked), launching(3), limited(1.2))[0]).toContain('rule 3: 1.5000');
  });
  it('goes by what machines cost when they began, and by the configuration before AWS', () => {
    const seen = told(atWork());
    const dear = { ...seen, state: { ...seen.state, machines: [aMachine({ dollarsPerHour: 0.9 })] } };
    expect(broken(dear, launching(1), limited(1.2))).toEqual([]);
    expect(broken(dear, launching(2), limited(1.2))[0]).toContain('rule 3: 1.5000');
    expect(broken(told(atWork()), launching(1), limited(1.2, 0.7))[0]).toContain('rule 3: 1.4000');
  });
  it('catches a launch whose price nobody knows', () => {
    expect(broken(atWork(), launching(1), limited(1.2))[0]).toContain('nobody knows what they cost');
    expect(broken(atWork(), launching(1), aConfig([aType(LINUX, { minMachines: 1 })]))).toEqual([]);
  });
});

describe('rule 4, paid time is used', () => {
  const paid = (left: number, machine: Partial<Machine> = {}) =>
    atWork({
      ...anObservation({ machines: [aMachine({ billing: 'hourly', ...machine })] }),
      instances: [anInstance({ startedAt: NOW - 3600 + left })],
      queue: aStatus({ machines: [aQueueMachine()] }),
    });
  const drains = (plan: Plan) => ({ ...withMachine(plan, { phase: 'draining' }), offers: [] });
  it('catches a drain and an end with more than a tick and a drain of it left', () => {
    expect(broken(paid(601), drains)[0]).toBe(
      `rule 4: would drain ${ID} with 601 s paid for (the Hydra host reached its Nix store)`,
    );
    expect(broken(paid(601), ends).join('; ')).toContain(`rule 4: would terminate ${ID} with 601 s`);
  });
  it('lets both happen near the end of the hour, and at once for a machine that does not answer', () => {
    expect(broken(paid(600), drains)).toEqual([]);
    expect(broken(paid(3000, { unreachableSince: NOW - 60 }), drains)).toEqual([]);
  });
  it('lets one end at any time that AWS was asked to end when its hour was over', () => {
    const drain = { since: NOW - 3000, reason: 'not needed' };
    const ending = (endAsked: object): string =>
      broken(paid(3000, { phase: 'draining', drain: { ...drain, ...endAsked } }), ends).join('; ');
    expect(ending({})).toContain('paid for');
    expect(ending({ endAsked: true })).not.toContain('paid for');
  });
});
