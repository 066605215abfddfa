/**
 * The account of a tick: what its rounds observed, decided and did, and what went wrong, folded into one value. The
 * answer (summary.ts), the journal's entry (journal.ts) and the metrics (metrics.ts) are read from it alone.
 */
import type { JournalRound, Machine, Observation, Problem } from '../model/index.ts';
import { problemInWords } from '../reason/problem.ts';
import type { Outcome } from '../plan/after-calls.ts';
import type { Plan } from '../plan/plan.ts';
import { sums } from '../text/count.ts';

/** What was seen, and what is to be done about it. */
export interface Decided {
  readonly observation: Observation;
  readonly plan: Plan;
  /** Rules that the plan breaks; empty unless something is wrong with us. */
  readonly violations: readonly string[];
  /** Nothing of a plan that breaks a rule is done, nor of any while people only want to watch. */
  readonly isCarriedOut: boolean;
}

/** A round, as far as it got. */
export interface RoundTold extends Decided {
  readonly problems: readonly Problem[];
  /** Machines that never got ready, or no longer answered; 0 until that is saved. */
  readonly givenUp: number;
  /** What EC2 answered; absent until it did. */
  readonly outcome?: Outcome;
  /** As they are once the queue runner was told; absent until it was. */
  readonly machines?: readonly Machine[];
}

export interface Account {
  /** Those that tell something. */
  readonly rounds: readonly JournalRound[];
  /** How many told nothing new. */
  readonly leftOut: number;
  /** How many came to their end. */
  readonly ended: number;
  /** The last of these; absent before the first. */
  readonly last?: RoundTold;
  /** Machines that were given up, in all rounds. */
  readonly givenUp: number;
  /** Of all rounds, and before the first. */
  readonly problems: readonly Problem[];
}

export const NOTHING_YET: Account = { rounds: [], leftOut: 0, ended: 0, givenUp: 0, problems: [] };

/** The account with one round more. That one is always kept; what the one before turns out not to have told is dropped. */
export function withRound(account: Account, round: RoundTold): Account {
  const rounds = [...account.rounds, keptOf(round)];
  const telling = tellingRounds(rounds);
  const isOver = !round.isCarriedOut || round.machines !== undefined;
  return {
    ...account,
    rounds: isHeavy(telling) ? telling.map(lighter) : telling,
    leftOut: account.leftOut + rounds.length - telling.length,
    ...(isOver ? { ended: account.ended + 1, last: round } : {}),
    givenUp: account.givenUp + round.givenUp,
    problems: [...account.problems, ...round.problems],
  };
}

function keptOf({ observation, plan, violations, problems, outcome }: RoundTold): JournalRound {
  const { decisions, actions } = plan;
  const done = outcome === undefined ? {} : { done: outcome.done };
  return { at: observation.now, observation, decisions, actions, violations, problems, ...done };
}

/** What AWS accepted in all rounds, counted; empty where it was asked for nothing. */
export const doneIn = ({ rounds }: Account): Readonly<Record<string, number>> =>
  Object.fromEntries(sums(rounds.flatMap(({ done = {} }) => Object.entries(done))));

/** What went wrong in the tick, once each, with where an encoded denial is found. */
export function problemsIn({ problems }: Account): readonly string[] {
  const where = '; the encoded message is in the log and in the journal';
  return [
    ...new Set(
      problems.map((problem) => problemInWords(problem) + (problem.encoded === undefined ? '' : where)),
    ),
  ];
}

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

/** Machines and instances in the observations that are held at once; a large farm's would fill the function's memory. */
const HELD_RECORDS_MAX = 20_000;

function isHeavy(rounds: readonly JournalRound[]): boolean {
  const records = rounds.map(({ observation }) =>
    observation === undefined ? 0 : observation.state.machines.length + observation.instances.length,
  );
  return records.reduce((sum, held) => sum + held, 0) > HELD_RECORDS_MAX;
}

/** Only what the tick found, and what it found last, can then be planned again. */
const lighter = (round: JournalRound, index: number, all: readonly JournalRound[]): JournalRound =>
  index === 0 || index === all.length - 1 ? round : withoutObservation(round);

export function withoutObservation({ observation, ...round }: JournalRound): JournalRound {
  void observation;
  return round;
}
