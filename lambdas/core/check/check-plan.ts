/**
 * The rules nothing may break, asserted on every plan, in production too. Nothing here shares code with the stages
 * that make the plan, or believes a reason they give: what they conclude is derived again from the observation.
 */
import type { Config } from '../config/config.ts';
import type { Observation } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import { capsAreHard } from './cap-rules.ts';
import { paidTimeIsUsed } from './cost-rules.ts';
import { factsOf } from './facts.ts';
import type { DialectChecks, PlanRule } from './facts.ts';
import { nobodyIsKilledAtWork, unknownIsNotIdle } from './machine-rules.ts';
import { offersAreWhole } from './offer-rules.ts';
import { targetsAreKept } from './target-rules.ts';
import { everythingHasAReason, noOrphanNoDouble } from './record-rules.ts';

/** By the number each has in the design. Rule 7 is about what reaches a host, and each dialect has its own. */
export const planRules: readonly (readonly [number, PlanRule])[] = [
  [1, unknownIsNotIdle],
  [2, nobodyIsKilledAtWork],
  [3, capsAreHard],
  [4, paidTimeIsUsed],
  [4, targetsAreKept],
  [5, noOrphanNoDouble],
  [6, offersAreWhole],
  [8, everythingHasAReason],
];

/** Everything a plan breaks, as "rule N: …". A plan with any of these must not be carried out. */
export function checkPlan(
  dialect: DialectChecks,
  config: Config,
  observation: Observation,
  plan: Plan,
): readonly string[] {
  const facts = factsOf(dialect, config, observation, plan);
  return [...planRules, ...dialect.rules].flatMap(([number, rule]) =>
    rule(facts).map((violation) => `rule ${number}: ${violation}`),
  );
}
