/**
 * The rules nothing may break, asserted on every plan, in production too. Nothing here shares code with the stages
 * that make the plan, or believes a reason they give: what they conclude is derived again from the observation.
 */
import type { Config } from '../config/config.ts';
import type { Observation } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import { capsAreHard, paidTimeIsUsed } from './cost-rules.ts';
import { factsOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { fileIsWholeAndOurs, nothingBecomesCode } from '../../hydra/cpp/check/file-rules.ts';
import { nobodyIsKilledAtWork, unknownIsNotIdle } from './machine-rules.ts';
import { everythingHasAReason, noOrphanNoDouble } from './record-rules.ts';

/** One rule: how the plan breaks it, in words; nothing when it holds. */
export type PlanRule = (facts: Facts) => readonly string[];

/** By the number each has in the design. */
export const planRules: ReadonlyMap<number, PlanRule> = new Map([
  [1, unknownIsNotIdle],
  [2, nobodyIsKilledAtWork],
  [3, capsAreHard],
  [4, paidTimeIsUsed],
  [5, noOrphanNoDouble],
  [6, fileIsWholeAndOurs],
  [7, nothingBecomesCode],
  [8, everythingHasAReason],
]);

/** Everything a plan breaks, as "rule N: …". A plan with any of these must not be carried out. */
export function checkPlan(config: Config, observation: Observation, plan: Plan): readonly string[] {
  const facts = factsOf(config, observation, plan);
  return [...planRules].flatMap(([number, rule]) =>
    rule(facts).map((violation) => `rule ${number}: ${violation}`),
  );
}
