/** Folds the entries of a journal into the farm's past, one at a time: a large farm's week does not fit the memory. */
import { actionInWords } from '../../../lambdas/core/account/summary.ts';
import type { JournalEntry, RequestEntry, TickEntry } from '../../../lambdas/core/model/index.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { sums } from '../../../lambdas/core/text/count.ts';
import type { JournalItem } from '../../../lambdas/reporting.ts';
import type { ProblemLine } from '../show/history.ts';
import { reasonsOf } from '../show/report/ticks.ts';
import type { TickRow } from '../show/report/ticks.ts';
import { Lives } from './lives.ts';
import { lookAt } from './looks.ts';
import { Meter } from './meter.ts';
import type { Past, PastLook, PastMark } from './past.ts';
import { Setbacks } from './setbacks.ts';

/** Results of a tick that are nothing to look at by themselves. */
const USUAL: ReadonlySet<string> = new Set(['done', 'observed', 'busy']);

export class PastFold {
  readonly #meter = new Meter();
  readonly #looks: PastLook[] = [];
  readonly #rows: TickRow[] = [];
  readonly #orders: PastMark[] = [];
  readonly #setbacks = new Setbacks();
  readonly #lives = new Lives();
  readonly #problems = new Map<string, ProblemLine>();
  readonly #done = new Map<string, number>();
  readonly #unreadable: string[] = [];
  #startedAt: number | undefined;
  #end = 0;
  #lastTickAt: number | undefined;
  #longestGap = 0;
  #ticks = 0;
  #unseenRounds = 0;

  /** @param item the journal's, the oldest first. */
  take(item: JournalItem): void {
    if (!('entry' in item)) {
      this.#unreadable.push(`${item.key}: ${item.problem}`);
      return;
    }
    const { entry } = item;
    this.#startedAt ??= entry.at;
    if (entry.kind === 'request') this.#request(entry);
    else this.#tick(entry);
    this.#end = Math.max(this.#end, endOf(entry));
  }

  get past(): Past {
    const startedAt = this.#startedAt ?? 0;
    return {
      startedAt,
      end: Math.max(this.#end, startedAt),
      looks: this.#looks,
      bills: this.#meter.bills,
      lives: this.#lives.all,
      marks: [...this.#orders, ...this.#setbacks.marks].toSorted((a, b) => a.at - b.at),
      ticks: { rows: this.#rows, ticks: this.#ticks },
      problems: [...this.#problems.values()].toSorted((a, b) => b.ticks - a.ticks || a.firstAt - b.firstAt),
      launched: this.#done.get('launch') ?? 0,
      ended: this.#done.get('terminate') ?? 0,
      unseenRounds: this.#unseenRounds,
      longestGap: this.#longestGap,
      unreadable: this.#unreadable,
    };
  }

  #request({ at, request, by, message }: RequestEntry): void {
    this.#orders.push({ kind: 'order', at, text: `${by ?? 'somebody'}, ${request}: ${message}` });
  }

  #tick(entry: TickEntry): void {
    const { at, endedAt, rounds } = entry;
    this.#ticks += 1;
    this.#longestGap = Math.max(this.#longestGap, at - (this.#lastTickAt ?? at));
    this.#lastTickAt = endedAt;
    for (const round of rounds) {
      const { at: when, observation, actions, done, violations } = round;
      this.#lives.take(round);
      if (observation === undefined) this.#unseenRounds += 1;
      else {
        this.#looks.push(lookAt(observation, this.#startedAt ?? at));
        this.#meter.look(observation);
        this.#setbacks.look(observation, this.#startedAt ?? at);
      }
      for (const [kind, times] of Object.entries(done ?? {}))
        this.#done.set(kind, (this.#done.get(kind) ?? 0) + times);
      if (done !== undefined) this.#meter.acted(actions, when);
      for (const rule of violations) this.#setbacks.broken(rule, when);
    }
    const row = rowOf(entry);
    if (row !== undefined) this.#rows.push(row);
    for (const what of problemsOf(entry)) {
      const before = this.#problems.get(what) ?? { what, ticks: 0, firstAt: at, lastAt: at };
      this.#problems.set(what, { ...before, ticks: before.ticks + 1, lastAt: at });
    }
  }
}

const endOf = (entry: JournalEntry): number => (entry.kind === 'tick' ? entry.endedAt : entry.at);

const problemsOf = ({ rounds }: TickEntry): readonly string[] => [
  ...new Set(
    rounds.flatMap(({ problems, violations }) => [
      ...violations.map((rule) => `the plan breaks ${rule}`),
      ...problems.map(problemInWords),
    ]),
  ),
];

/** Undefined where nothing came of the tick. */
function rowOf(entry: TickEntry): TickRow | undefined {
  const { at, endedAt, woken = '', message, result, rounds } = entry;
  const done = sums(rounds.flatMap((round) => Object.entries(round.done ?? {})));
  const acted = [...done.values()].some((times) => times > 0);
  const problems = problemsOf(entry);
  if (!acted && problems.length === 0 && USUAL.has(result)) return undefined;
  const carriedOut = rounds.flatMap((round) => (round.done === undefined ? [] : round.actions));
  const why = reasonsOf(carriedOut.map(actionInWords));
  return { at, endedAt, woken, what: message, why, problems };
}
