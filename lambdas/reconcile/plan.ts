/** From what was seen to what is to be done: the plan, and whether it keeps the rules. */
import { checkPlan } from '../core/check/check-plan.ts';
import type { Observation } from '../core/model/index.ts';
import { makePlan } from '../core/plan/plan.ts';
import type { Decided, Round } from './round.ts';

/** Notes what is wrong on the way; only a plan that breaks no rule is to be carried out, and none while people only watch. */
export function plan({ config, lease, log, number }: Round, observation: Observation): Decided {
  const start = Math.round(observation.now).toString(36);
  const made = makePlan(config, observation, (n) => `${start}-${lease.fence}-${number}-${n}`);
  const violations = checkPlan(config, observation, made);
  log.record.begin(observation, made, violations);
  for (const reason of observation.problems) log.problem('not everything could be asked', { reason });
  for (const problem of made.problems) log.problem(problem, {});
  return {
    observation,
    plan: made,
    violations,
    isCarriedOut: violations.length === 0 && !config.observeOnly,
  };
}
