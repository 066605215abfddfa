/** Plans made bad by hand. */
import { expect } from 'vitest';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Action, Machine, Observation } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  LINUX,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
} from '../given.ts';

export const ID = 'i-00000001';
export const NEEDED = aConfig([aType(LINUX, { minMachines: 1 })]);

/** What a plan breaks once it says `bad` instead; it breaks nothing before. */
export function broken(
  observation: Observation,
  bad: (plan: Plan) => Partial<Plan>,
  config = NEEDED,
): readonly string[] {
  const good = planFor(observation, config);
  expect(checkPlan(cppChecks, config, observation, good)).toEqual([]);
  return checkPlan(cppChecks, config, observation, { ...good, ...bad(good) });
}

export const withMachine = (plan: Plan, changed: Partial<Machine>): Partial<Plan> => ({
  machines: plan.machines.map((machine) => ({ ...machine, ...changed })),
});
export const ending = (kind: 'stop' | 'terminate' = 'terminate'): Action => ({
  kind,
  instanceId: ID,
  reason: 'because',
});
export const ends = (plan: Plan): Partial<Plan> => ({
  ...withMachine(plan, { phase: 'terminating' }),
  actions: [ending()],
  offers: [],
});

export const atWork = (more: Partial<Observation> = {}): Observation =>
  anObservation({
    machines: [aMachine()],
    instances: [anInstance()],
    queue: aStatus({ machines: [aQueueMachine()] }),
    ...more,
  });
