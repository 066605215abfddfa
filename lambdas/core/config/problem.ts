/** What can be wrong with a configuration. */
import type { Problem } from '../model/index.ts';

/** One thing to mend in the configuration, or to think about. */
export interface ConfigProblem extends Problem {
  /** Where, such as `systemTypes.x86_64-linux.maxMachines`; empty for the whole file. */
  readonly path: string;
}

/** What a rule between settings says. */
export interface RuleProblem extends ConfigProblem {
  /**
   * Paths of further settings it follows from: where one of these is wrong itself, this is not told, since it may be
   * gone once that is mended. The setting at `path` always counts.
   */
  readonly from?: readonly string[];
}

/** The closest of `known` to a misspelt `word`, or undefined when none is close. */
export type Suggest = (word: string, known: readonly string[]) => string | undefined;

/** Whether `path` is `place` or lies within it. */
export const isWithin = (path: string, place: string): boolean =>
  place === '' || path === place || path.startsWith(`${place}.`);
