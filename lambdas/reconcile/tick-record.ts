/** Takes down what a tick saw, decided and did, for the journal. */
import { compact } from '../core/journal.ts';
import type { JournalRound, TickEntry } from '../core/journal.ts';
import type { EpochSeconds, Observation } from '../core/model.ts';
import type { Plan } from '../core/plan/plan.ts';

/** A round being taken down. */
interface Draft {
  readonly observation: Observation;
  readonly plan: Plan;
  readonly violations: readonly string[];
  readonly problems: string[];
  done?: Readonly<Record<string, number>>;
}

export class TickRecord {
  readonly #rounds: Draft[] = [];

  begin(observation: Observation, plan: Plan, violations: readonly string[]): void {
    this.#rounds.push({ observation, plan, violations, problems: [] });
  }

  /** Something went wrong in the round that was begun last; before the first there is nowhere to note it. */
  problem(words: string): void {
    this.#rounds.at(-1)?.problems.push(words);
  }

  done(counts: Readonly<Record<string, number>>): void {
    const round = this.#rounds.at(-1);
    if (round !== undefined) round.done = counts;
  }

  /** The tick as it will be kept. */
  entry(tick: {
    readonly id: string;
    readonly at: EpochSeconds;
    readonly endedAt: EpochSeconds;
    readonly result: string;
    readonly message: string;
  }): TickEntry {
    return compact({ kind: 'tick', ...tick, rounds: this.#rounds.map(roundOf), leftOut: 0 });
  }
}

const roundOf = ({ observation, plan, violations, problems, done }: Draft): JournalRound => ({
  at: observation.now,
  observation,
  decisions: plan.decisions,
  actions: plan.actions,
  violations,
  problems,
  ...(done === undefined ? {} : { done }),
});
