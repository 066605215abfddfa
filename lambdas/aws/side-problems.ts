/** Questions besides the main ones that failed, in few words however many failed: a large farm's would fill the log. */
import { NO_ANSWER } from '../core/model/index.ts';
import type { Problem } from '../core/model/index.ts';
import { inContext } from '../core/reason/problem.ts';
import { refusalOf } from './errors.ts';

export class SideProblems {
  /** The first of each kind, and how often it came. */
  readonly #kinds = new Map<string, { readonly first: Problem; readonly count: number }>();

  /** Notes a call that threw; those of one call and one code count as one kind. */
  add(call: string, error: unknown): void {
    const refusal = refusalOf(error);
    if (refusal.code === NO_ANSWER) this.note(`${call} unanswered`, inContext(`${call} failed`, refusal));
    else this.refused(call, refusal);
  }

  refused(call: string, refusal: Problem & { readonly code: string }): void {
    this.note(`${call} ${refusal.code}`, inContext(`${call} was refused: ${refusal.code}`, refusal));
  }

  /** Notes one; only the first of a kind is told. */
  note(kind: string, problem: Problem): void {
    const known = this.#kinds.get(kind);
    this.#kinds.set(kind, { first: known?.first ?? problem, count: (known?.count ?? 0) + 1 });
  }

  /** One per kind. */
  get all(): readonly Problem[] {
    return [...this.#kinds.values()].map(({ first, count }) =>
      count === 1 ? first : { ...first, says: `${first.says} (${count} times)` },
    );
  }
}
