/** Questions besides the main ones that failed, in few words however many failed: a large farm's would fill the log. */
import { judge } from './errors.ts';

export class SideProblems {
  /** The first words of each kind, and how often it came. */
  readonly #kinds = new Map<string, { readonly words: string; readonly count: number }>();

  /** Notes a call that threw; those of one call and one code count as one kind. */
  add(call: string, error: unknown): void {
    const verdict = judge(error);
    if (!verdict.answered) this.note(`${call} unanswered`, `${call} failed: ${verdict.reason}`);
    else this.refused(call, verdict.refusal);
  }

  refused(call: string, { code, message }: { readonly code: string; readonly message: string }): void {
    this.note(`${call} ${code}`, `${call} was refused: ${code}: ${message}`);
  }

  /** Notes one in words; only the first of a kind is told. */
  note(kind: string, words: string): void {
    const known = this.#kinds.get(kind);
    this.#kinds.set(kind, { words: known?.words ?? words, count: (known?.count ?? 0) + 1 });
  }

  /** One line per kind. */
  get lines(): readonly string[] {
    return [...this.#kinds.values()].map(({ words, count }) =>
      count === 1 ? words : `${words} (${count} times)`,
    );
  }
}
