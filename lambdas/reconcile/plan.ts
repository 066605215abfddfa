/** From what was seen to what is to be done: the plan, and whether it keeps the rules. */
import type { Decided } from '../core/account/account.ts';
import { checkPlan } from '../core/check/check-plan.ts';
import type { Config } from '../core/config/config.ts';
import { runnerOf } from '../core/life/runner.ts';
import type { Observation } from '../core/model/index.ts';
import { makePlan } from '../core/plan/plan.ts';
import type { Dialects } from '../ports.ts';
import type { Round } from './round.ts';

/** Reports what is wrong on the way. */
export function plan({ ports, config, lease, report, number }: Round, observation: Observation): Decided {
  const start = Math.round(observation.now).toString(36);
  const decided = decide(
    ports.dialects,
    config,
    observation,
    (n) => `${start}-${lease.fence}-${number}-${n}`,
  );
  report.begin(decided);
  for (const { says, ...remedy } of decided.plan.problems) report.problem(says, remedy);
  return decided;
}

/** Only a plan that breaks no rule is to be carried out, and none while people only watch. @param launchId as of `makePlan`. */
export function decide(
  dialects: Dialects,
  config: Config,
  observation: Observation,
  launchId: (n: number) => string,
): Decided & { readonly config: Config } {
  const dialect = dialects[runnerOf(observation)];
  const made = makePlan(dialect.life, config, observation, launchId);
  const violations = checkPlan(dialect.checks, config, observation, made);
  const isCarriedOut = violations.length === 0 && !config.observeOnly;
  return { config, observation, plan: made, violations, isCarriedOut };
}
