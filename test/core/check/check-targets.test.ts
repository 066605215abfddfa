/** Rule 4 of types that work by a target wait: plans that buy or end what they should not are caught. */
import { describe, expect, it } from 'vitest';
import type { Action, Launch, Machine, Observation } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aLaunch,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  lacking,
  steps,
} from '../given.ts';
import { broken, ends } from './bad-plans.ts';

const DIAL = aType(LINUX, { targetWait: 600, maxJobs: 4, billing: 'per-second' });
const CONFIG = aConfig([DIAL]);

function launches(count: number): (plan: Plan) => Partial<Plan> {
  const launch: Launch = aLaunch({ id: 'new-9', count, pools: [] });
  const action: Action = { kind: 'launch', launch, reason: 'because' };
  return (plan) => ({
    launches: [...plan.launches.filter(({ id }) => id === 'x'), launch],
    actions: [action],
  });
}

const waits = (runnable: number, machine?: Partial<Machine>, currentJobs = 4): Observation =>
  anObservation({
    machines: machine === undefined ? [] : [aMachine(machine)],
    instances: machine === undefined ? [] : [anInstance()],
    queue: aStatus({
      demand: [steps(LINUX, runnable, currentJobs)],
      machines: [aQueueMachine({ currentJobs })],
    }),
  });

const found = (observation: Observation, bad: (plan: Plan) => Partial<Plan>, config = CONFIG): string =>
  broken(observation, bad, config).join('; ');

describe('rule 4, nothing is bought that no step fills', () => {
  it.each([
    ['where there is nothing', waits(8), 3, 'all steps fill 2'],
    [
      'beside one that is there',
      waits(8, {}),
      3,
      'would launch 3 x86_64-linux beside 1, where all steps fill 3',
    ],
  ])('is caught %s', (_what, observation, count, words) => {
    expect(found(observation, launches(count))).toContain(words);
    expect(found(observation, launches(count - 1))).not.toContain('all steps fill');
  });
  it('is no matter of floors, of other ways of counting, and of what was launched before', () => {
    const floor = aConfig([aType(LINUX, { targetWait: 600, minMachines: 3 })]);
    expect(found(waits(1), launches(3), floor)).not.toContain('all steps fill');
    const ancestors = aConfig([aType(LINUX, { runnablesPerMachine: 1, maxJobs: 4 })]);
    expect(found(waits(8), launches(8), ancestors)).not.toContain('all steps fill');
    const again = anObservation({ launches: [aLaunch({ id: 'new-9', count: 3 })] });
    expect(found(again, (plan) => ({ launches: plan.launches }))).toBe('');
  });
});

describe('rule 4, nothing on its way is ended that steps wait for', () => {
  const machine = aBootingMachine();
  const instances = [lacking(anInstance(), 'address')];
  const boots = (runnable: number, changed: Partial<Machine> = {}): Observation =>
    anObservation({
      machines: [{ ...machine, ...changed }],
      instances,
      queue: aStatus({ demand: [steps(LINUX, runnable)] }),
    });
  it('is caught', () => {
    expect(found(boots(1), ends)).toContain('would terminate i-00000001 on its way, while steps wait');
  });
  it('is all right where nothing waits, or its time to boot is over', () => {
    expect(found(boots(0), ends)).not.toContain('on its way');
    expect(found(boots(1, { phaseSince: NOW - 900 }), (plan) => plan)).toBe('');
  });
});

describe('rule 4, what drains goes back to work before another is bought', () => {
  const drains: Partial<Machine> = { phase: 'draining', drain: { since: NOW - 60, reason: 'not needed' } };
  const still = (plan: Plan): Partial<Plan> => ({
    ...launches(1)(plan),
    machines: plan.machines.map((machine) => ({ ...machine, ...drains })),
    offers: [],
  });
  it('is caught', () => {
    expect(found(waits(4, drains, 0), still)).toContain('while i-00000001 drains, which could go back');
  });
  it('is all right where something is wrong with that one', () => {
    expect(found(waits(4, { ...drains, unreachableSince: NOW - 900 }, 0), still)).not.toContain(
      'could go back',
    );
  });
  it('is all right where AWS was asked to end that one, and may yet do so', () => {
    const asked = { ...drains, drain: { since: NOW - 60, reason: 'not needed', endAsked: true } } as const;
    const bad = (plan: Plan): Partial<Plan> => ({
      ...still(plan),
      machines: plan.machines.map((machine) => ({ ...machine, ...asked })),
    });
    expect(found(waits(4, asked, 0), bad)).not.toContain('could go back');
  });
});
