/** Programs that a test runs and that not every machine has; continuous integration has them all. */
import { realProgram } from './fakes/scratch-host.ts';

/** Continuous integration leaves nothing out for want of a program, and has time for what others need not wait for. */
export const IS_THOROUGH = (process.env['CI'] ?? '') !== '';

/** The part of a test's context that leaves the test out, with a note for the report. */
export interface Skippable {
  readonly skip: (note?: string) => void;
}

/**
 * Leaves the test out where this machine lacks one of `programs`, and says which.
 * @throws in continuous integration, where nothing may be left out.
 */
export function needs(context: Skippable, ...programs: readonly string[]): void {
  const missing = programs.filter((name) => realProgram(name) === undefined);
  if (missing.length > 0) leaveOut(context, `needs ${missing.join(' and ')}`);
}

/** Leaves the test out and says why. @throws like {@link needs}. */
export function leaveOut({ skip }: Skippable, why: string): void {
  if (IS_THOROUGH) throw new Error(`a test ${why}; in CI none is left out`);
  skip(why);
}
