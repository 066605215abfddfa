/** Answers to "why", for people: made from one observation and the plan it leads to. */
import { count } from '../text/count.ts';
import type { Config } from '../config/config.ts';
import type { Observation } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Reason, ReasonKind } from '../reason/reason.ts';

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

interface Decided {
  readonly verdict: string;
  /** One by one: apart they are easier to read. */
  readonly reasons: readonly Reason[];
}

/** What the plan decided about a type or machine; empty when it says nothing. */
export function decisionOn({ plan }: Grounds, subject: string): Decided {
  const decision = plan.decisions.find(
    ({ subject: of }) => ('machine' in of ? of.machine : of.type) === subject,
  );
  const reasons = plan.reasons.get(subject) ?? [];
  return { verdict: decision?.verdict ?? '', reasons: reasons.filter(({ words }) => words !== '') };
}

/** The words of reasons, but those of kinds that are told elsewhere. */
export const wordsOf = (reasons: readonly Reason[], ...elsewhere: readonly ReasonKind[]): readonly string[] =>
  reasons.filter(({ kind }) => !elsewhere.includes(kind)).map(({ words }) => words);

/** Such as `45 s` or `12 min`. */
export const spanInWords = (seconds: number): string =>
  seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** Such as `1 machine`, `no machines`. */
export const countOf = (number: number, one: string): string =>
  number === 0 ? `no ${one}s` : count(number, one);

/** Why nothing can be concluded from the queue status now, if so. */
export function untrustedWords({ observation }: Grounds): readonly string[] {
  const { queue, state, now } = observation;
  if (queue.trusted) return [];
  const since = state.farm.untrustedSince;
  const how = since === undefined ? '' : ` for ${spanInWords(now - since)}`;
  return [`the queue status is not trusted${how} (${queue.cause}): ${queue.reason}`];
}
