/** The journal: what each tick saw, decided and did, and what people asked for. Kept for people, never read by a tick. */
import type { JournalRound, TickEntry } from '../model/index.ts';

/**
 * The rounds that acted, or decided differently from the round before, and the first and the last: a tick that watches
 * a boot is many rounds of the same.
 */
export function tellingRounds(rounds: readonly JournalRound[]): readonly JournalRound[] {
  return rounds.filter((round, index) => {
    const before = rounds[index - 1];
    const isEdge = before === undefined || index === rounds.length - 1;
    return isEdge || isEventful(round) || verdictsOf(round) !== verdictsOf(before);
  });
}

const isEventful = ({ actions, violations, problems }: JournalRound): boolean =>
  actions.length + violations.length + problems.length > 0;

const verdictsOf = ({ decisions }: JournalRound): string =>
  JSON.stringify(decisions.map(({ subject, verdict }) => [subject, verdict]));

/** Ever smaller forms of an entry, each keeping what matters most of the one before. */
export const SMALLER_FORMS: readonly ((entry: TickEntry) => TickEntry)[] = [
  (entry) => entry,
  (entry) => withRounds(entry, (round, index) => (index === 0 ? round : withoutObservation(round))),
  (entry) => withRounds(entry, withoutObservation),
  (entry) =>
    withRounds(entry, (round) => ({
      ...withoutObservation(round),
      decisions: round.decisions.filter(({ subject }) => !('machine' in subject)),
    })),
  (entry) => ({ ...entry, rounds: [], leftOut: entry.leftOut + entry.rounds.length }),
];

const withRounds = (
  entry: TickEntry,
  change: (round: JournalRound, index: number) => JournalRound,
): TickEntry => ({ ...entry, rounds: entry.rounds.map(change) });

export function withoutObservation({ observation, ...round }: JournalRound): JournalRound {
  void observation;
  return round;
}
