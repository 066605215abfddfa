/** The journal as a timeline: who did what when, what changed by it, and what today's plan would change. */
import type { JournalEntry, JournalRound, TickEntry } from '../../../lambdas/core/model/index.ts';
import { calendarDay } from '../show/words.ts';
import { actionWords, problemLine, subjectOf } from './replay.ts';
import type { Difference } from './replay.ts';

/** What a line is about, for its colour. */
export type LineKind = 'day' | 'entry' | 'person' | 'action' | 'decision' | 'problem' | 'difference';

export interface TimelineLine {
  readonly kind: LineKind;
  /** Epoch seconds. */
  readonly at: number;
  readonly what: string;
  readonly text: string;
}

/** Makes lines of entries in their order; a decision is shown when it differs from the last one shown of its subject. */
export class Timeline {
  readonly #said = new Map<string, string>();
  #day = '';

  /** @param differences by round, as far as the rounds could be planned again. */
  linesOf(
    entry: JournalEntry,
    differences: readonly (readonly Difference[] | undefined)[],
  ): readonly TimelineLine[] {
    const lines =
      entry.kind === 'request'
        ? [
            {
              kind: 'person' as const,
              at: entry.at,
              what: entry.by ?? 'somebody',
              text: `${entry.request}: ${entry.message}`,
            },
          ]
        : this.#tick(entry, differences);
    return [...this.#dayOf(entry.at), ...lines];
  }

  #dayOf(at: number): readonly TimelineLine[] {
    const day = calendarDay(at);
    if (day === this.#day) return [];
    this.#day = day;
    return [{ kind: 'day', at, what: '', text: `${day} (UTC)` }];
  }

  #tick(
    entry: TickEntry,
    differences: readonly (readonly Difference[] | undefined)[],
  ): readonly TimelineLine[] {
    const rounds = entry.rounds.length + entry.leftOut;
    const took = Math.round(entry.endedAt - entry.at);
    const cost = entry.cost === undefined ? '' : `; ${entry.cost}`;
    const text = `${entry.message}${cost} (${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${took} s)`;
    return [
      {
        kind: entry.result === 'done' ? 'entry' : 'problem',
        at: entry.at,
        what: `tick ${entry.result}`,
        text,
      },
      ...entry.rounds.flatMap((round, index) => this.#round(round, differences[index] ?? [])),
    ];
  }

  #round(round: JournalRound, differences: readonly Difference[]): readonly TimelineLine[] {
    const { at } = round;
    return [
      ...this.#decisions(round),
      ...round.actions.map((action): TimelineLine => ({
        kind: 'action',
        at,
        what: action.kind,
        text: `${actionWords(action)}: ${action.reason}`,
      })),
      ...[...round.violations, ...round.problems.map(problemLine)].map((text): TimelineLine => ({
        kind: 'problem',
        at,
        what: 'problem',
        text,
      })),
      ...differences.map(({ about, recorded, today }): TimelineLine => ({
        kind: 'difference',
        at,
        what: 'today',
        text: `${about}: ${recorded || 'nothing'} → ${today || 'nothing'}`,
      })),
    ];
  }

  #decisions({ at, decisions }: JournalRound): readonly TimelineLine[] {
    return decisions.flatMap((decision): TimelineLine[] => {
      const subject = subjectOf(decision);
      if (this.#said.get(subject) === decision.verdict) return [];
      this.#said.set(subject, decision.verdict);
      return [{ kind: 'decision', at, what: decision.verdict, text: `${subject}: ${decision.reason}` }];
    });
  }
}
