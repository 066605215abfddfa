/** What the function says while a scenario is played: problems and how often, and every reason there was. */
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import type { Summary } from '../../../lambdas/core/account/summary.ts';

export class Said {
  /** Problems and errors of ticks, and in how many ticks each was told. */
  readonly problems: Record<string, number> = {};
  readonly #texts = new Set<string>();

  /** Whether some problem, or the reason of a machine or a type, contained this text. */
  contains(text: string): boolean {
    return [...this.#texts].some((said) => said.includes(text));
  }

  reason(text: string): void {
    this.#texts.add(text);
  }

  /** What an invocation ended with. Returns problems that are told for the first time. */
  answered(answer: Answer | undefined, error: unknown): readonly string[] {
    const tick = tickOf(answer);
    for (const { reason } of [...(tick?.machines ?? []), ...(tick?.types ?? [])]) this.reason(reason);
    const problems = error === undefined ? (tick?.problems ?? []) : [`the function failed: ${String(error)}`];
    return problems.filter((problem) => this.problem(problem));
  }

  /** Notes one. Returns whether it is the first of its kind. */
  problem(text: string): boolean {
    const times = this.problems[text] ?? 0;
    this.problems[text] = times + 1;
    this.#texts.add(text);
    return times === 0;
  }
}

/** The tick in an answer, if there was one. */
export function tickOf(answer: Answer | undefined): Summary | undefined {
  const inner = answer?.result === 'recorded' && 'tick' in answer ? answer.tick : answer;
  return inner !== undefined && 'rounds' in inner ? inner : undefined;
}
