/** Takes down what a tick saw, decided and did, for the journal. */
import { tellingRounds, withoutObservation } from './journal.ts';
import type { EpochSeconds, JournalRound, Observation, TickEntry } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';

/** Machines and instances in the observations that are held at once; a large farm's would fill the function's memory. */
const HELD_RECORDS_MAX = 20_000;

export class TickRecord {
  #rounds: readonly JournalRound[] = [];
  #leftOut = 0;

  /** A new round begins; what the last one turns out not to have told is dropped. */
  begin(observation: Observation, plan: Plan, violations: readonly string[]): void {
    const { decisions, actions } = plan;
    const round = { at: observation.now, observation, decisions, actions, violations, problems: [] };
    const all = [...this.#rounds, round];
    const telling = tellingRounds(all);
    this.#leftOut += all.length - telling.length;
    this.#rounds = isHeavy(telling) ? telling.map(lighter) : telling;
  }

  /** Something went wrong in the round that was begun last; before the first there is nowhere to note it. */
  problem(words: string): void {
    this.#change((round) => ({ ...round, problems: [...round.problems, words] }));
  }

  done(counts: Readonly<Record<string, number>>): void {
    this.#change((round) => ({ ...round, done: counts }));
  }

  #change(change: (round: JournalRound) => JournalRound): void {
    const last = this.#rounds.at(-1);
    if (last !== undefined) this.#rounds = this.#rounds.with(-1, change(last));
  }

  /** The tick as it will be kept. */
  entry(tick: {
    readonly id: string;
    readonly at: EpochSeconds;
    readonly endedAt: EpochSeconds;
    readonly result: string;
    readonly message: string;
  }): TickEntry {
    return { kind: 'tick', ...tick, rounds: this.#rounds, leftOut: this.#leftOut };
  }
}

function isHeavy(rounds: readonly JournalRound[]): boolean {
  const records = rounds.reduce((sum, { observation }) => {
    if (observation === undefined) return sum;
    return sum + observation.state.machines.length + observation.instances.length;
  }, 0);
  return records > HELD_RECORDS_MAX;
}

/** Only what the tick found, and what it found last, can then be planned again. */
const lighter = (round: JournalRound, index: number, all: readonly JournalRound[]): JournalRound =>
  index === 0 || index === all.length - 1 ? round : withoutObservation(round);
