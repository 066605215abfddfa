/**
 * Deliberate breakages that the suite must catch.
 *
 * A mutant says what it breaks by names: of a declaration, which is found wherever its file is (`declarations.ts`), and
 * of what is done to it (`operations.ts`). So code may move, and be laid out anew, without its mutants.
 *
 * - `scaleOut` is a function, constant or class at the top level of a module under lambdas/ or infra/, `set_up` a shell
 *   function there, `observe.sh` a whole script. A dot leads inside: `DynamoLease.release` is a method,
 *   `IS_WANTED.terminating` a property, `lastReadAt.startedAt` a variable of the function.
 * - Names need not be unique: of all declarations that bear the name, only one may have a place that fits, and only one.
 *   lambdas/core/check does not count. It judges plans by constants and functions of its own, under the same names.
 * - An operation finds its place by names and words that stand there. Give as few as will do, and those that mean
 *   something: what is called, a property, a constant, before a variable.
 * - Tests go by the name of their file or directory, and all that bear the name run.
 *
 * `test/prove/mutants.test.ts` holds every mutant against the tree. What does not fit is told with what was looked for:
 * give the new name here, or one more that makes the place the only one again. Then see that the mutant is still caught:
 * `npm run mutants -- --only 'what is broken'`.
 */
import type { Operation } from './operation.ts';

export interface Mutant {
  /** What is broken. */
  readonly name: string;
  /** The declaration in which it is broken. */
  readonly of: string;
  readonly does: Operation;
  /** The tests that must catch it. */
  readonly tests: readonly string[];
}

/** Several breakages that the same tests must catch. */
export const caughtBy = (
  tests: readonly string[],
  breakages: readonly (readonly [name: string, of: string, does: Operation])[],
): readonly Mutant[] => breakages.map(([name, of, does]) => ({ name, of, does, tests }));
