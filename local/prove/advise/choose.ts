/** Which candidates are worth playing, and which came out best. */
import type { Candidate } from './candidates.ts';
import { byWorth } from './knee.ts';
import type { AdviceRow } from './row.ts';

/** Today, as soon as today, and the best two. */
export const BEST_MAX = 4;

/** Each once, and none that was played before. */
export function unique(
  candidates: readonly Candidate[],
  played: readonly Candidate[] = [],
): readonly Candidate[] {
  const names = new Set(played.map(({ name }) => name));
  return candidates.filter(({ name }) => !names.has(name) && names.add(name));
}

export function todayIn(rows: readonly AdviceRow[]): AdviceRow {
  const today = rows.find(({ candidate }) => candidate.name === 'today');
  if (today === undefined) throw new RangeError('today was not played');
  return today;
}

/** Today's first, then the cheapest at no longer wait, then the best. */
export function bestOf(rows: readonly AdviceRow[]): readonly Candidate[] {
  const today = todayIn(rows);
  const chosen = [today, soonest(rows, today), ...byWorth(rows)];
  return unique(chosen.map(({ candidate }) => candidate)).slice(0, BEST_MAX);
}

/** The cheapest at no longer wait. */
export const soonest = (rows: readonly AdviceRow[], today: AdviceRow): AdviceRow =>
  rows.filter(({ wait }) => wait <= today.wait).toSorted((a, b) => a.cost - b.cost)[0] ?? today;
