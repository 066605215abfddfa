/** The journal: what each tick saw, decided and did, and what people asked for. Kept for people, never read by a tick. */
import type { JournalRound, Problem, TickEntry } from '../model/index.ts';
import { withoutObservation } from './account.ts';
import { costAfter } from './summary.ts';
import type { Account } from './account.ts';

/** Encoded denials an entry keeps whole: each is kilobytes that cannot be compressed, and a few say as much as all. */
const ENCODED_KEPT_MAX = 8;

/** The tick as it will be kept. */
export function entryOf(
  account: Account,
  tick: Omit<TickEntry, 'kind' | 'rounds' | 'leftOut' | 'cost'>,
): TickEntry {
  const { rounds, leftOut } = account;
  const cost = costAfter(account);
  let encodedKept = 0;
  const asKept = (problem: Problem): Problem => {
    if (problem.encoded === undefined) return problem;
    encodedKept += 1;
    return encodedKept > ENCODED_KEPT_MAX ? { ...problem, encoded: 'it is in the log' } : problem;
  };
  const told = rounds.map((round) => ({ ...round, problems: round.problems.map(asKept) }));
  return { kind: 'tick', ...tick, ...(cost !== undefined && { cost }), rounds: told, leftOut };
}

type Form = (entry: TickEntry) => TickEntry;

const eachRound =
  (change: (round: JournalRound, index: number) => JournalRound): Form =>
  (entry) => ({ ...entry, rounds: entry.rounds.map(change) });

/** Ever smaller forms of an entry, each keeping what matters most of the one before. */
export const SMALLER_FORMS: readonly Form[] = [
  (entry) => entry,
  eachRound((round, index) => (index === 0 ? round : withoutObservation(round))),
  eachRound(withoutObservation),
  eachRound((round) => ({
    ...withoutObservation(round),
    decisions: round.decisions.filter(({ subject }) => !('machine' in subject)),
  })),
  (entry) => ({ ...entry, rounds: [], leftOut: entry.leftOut + entry.rounds.length }),
];
