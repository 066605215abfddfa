/** Answers to "why", for people: made from one observation and the plan it leads to. */
import type { Config } from '../config/config.ts';
import type { Observation } from '../model/index.ts';
import { decisionOn } from '../plan/decisions.ts';
import type { Plan } from '../plan/plan.ts';
import { problemInWords } from '../reason/problem.ts';
import type { ReasonKind } from '../reason/reason.ts';

/** What an explanation is made from. */
export interface Grounds {
  readonly config: Config;
  readonly observation: Observation;
  readonly plan: Plan;
}

export interface Explanation {
  /** In one sentence. */
  readonly answer: string;
  /** The facts behind it, the weightiest first; each may name its remedy. */
  readonly because: readonly string[];
}

/** What the plan decided about a type or machine; empty when it says nothing. */
export const verdictOn = ({ plan }: Grounds, subject: string): string =>
  decisionOn(plan, subject)?.verdict ?? '';

/** Why it did, one by one: apart they are easier to read. @param elsewhere kinds of reasons that are told elsewhere. */
export const reasonsFor = (
  { plan }: Grounds,
  subject: string,
  ...elsewhere: readonly ReasonKind[]
): readonly string[] =>
  (plan.reasons.get(subject) ?? [])
    .filter(({ kind, words }) => words !== '' && !elsewhere.includes(kind))
    .map(({ words }) => words);

/** Such as `45 s` or `12 min`. */
export const spanInWords = (seconds: number): string =>
  seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** Why nothing can be concluded from the queue status now, if so. */
export function untrustedWords({ observation }: Grounds): readonly string[] {
  const { queue, state, now } = observation;
  if (queue.trusted) return [];
  const since = state.farm.untrustedSince;
  const how = since === undefined ? '' : ` for ${spanInWords(now - since)}`;
  return [`the queue status is not trusted${how} (${queue.cause}): ${problemInWords(queue)}`];
}
