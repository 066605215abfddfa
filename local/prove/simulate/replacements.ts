/** A Hydra host that is upgraded to the other queue runner in the middle of a run, and perhaps rolled back. */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { SimulatedRunner } from './fault-kind.ts';

interface Replacement {
  readonly kind: RunnerKind;
  /** In the first calm from this instant on. */
  readonly from: number;
}

/** Which queue runner a run begins with. */
export const firstRunner = (runner: SimulatedRunner): RunnerKind => (runner === 'upgraded' ? 'cpp' : runner);

/** What is still to come; asked in every calm. */
export class Replacements {
  #coming: readonly Replacement[];

  /** @param span of the run, in seconds. */
  constructor(
    runner: SimulatedRunner,
    seed: number,
    span: { readonly start: number; readonly until: number },
  ) {
    const third = (span.until - span.start) / 3;
    const upgrade = { kind: 'rust', from: span.start + third } as const;
    const rollback = { kind: 'cpp', from: span.start + 2 * third } as const;
    this.#coming = runner !== 'upgraded' ? [] : seed % 2 === 0 ? [upgrade] : [upgrade, rollback];
  }

  /** The one that is due, once; undefined where none is. */
  due(now: number): RunnerKind | undefined {
    const [next, ...later] = this.#coming;
    if (next === undefined || now < next.from) return undefined;
    this.#coming = later;
    return next.kind;
  }
}
