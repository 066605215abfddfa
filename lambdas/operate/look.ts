/** One look at the farm, for people who ask: what is seen, and what a tick would make of it. Changes nothing. */
import { checkPlan } from '../core/check/check-plan.ts';
import type { Grounds } from '../core/explain/explanation.ts';
import { makePlan } from '../core/plan/plan.ts';
import { observe } from '../reconcile/observe.ts';
import type { Desk } from './request.ts';

export interface Look extends Grounds {
  /** Rules of the design that the plan breaks; a tick would not carry it out. */
  readonly violations: readonly string[];
}

/** @throws when the store or EC2 cannot be read. */
export async function look({ ports, config }: Desk): Promise<Look> {
  const observation = await observe(ports, config);
  const plan = makePlan(config, observation, (n) => `look-${n}`);
  return { config, observation, plan, violations: checkPlan(config, observation, plan) };
}
