/** Programs that a test runs and that not every machine has; continuous integration has them all. */
import { realProgram } from './fakes/scratch-host.ts';

const isSet = (name: string): boolean => (process.env[name] ?? '') !== '';

/** Continuous integration leaves nothing out for want of a program. */
const IS_COMPLETE = isSet('CI');

/** It has time for what others need not wait for, too, and so has whoever asks for it with `THOROUGH=1`. */
const IS_THOROUGH = IS_COMPLETE || isSet('THOROUGH');

/** All of `cases` where there is time; elsewhere every `nth`, so that the suite takes minutes on a laptop. */
export const sampled = <Case>(cases: readonly Case[], nth: number): readonly Case[] =>
  cases.filter((_case, index) => IS_THOROUGH || index % nth === 0);

/** Runs of a property: `count` where there is time, a third of them elsewhere; `RUNS` in the environment beats both. */
export const runs = (count: number): { readonly numRuns: number } => ({
  numRuns: Number(process.env['RUNS'] ?? (IS_THOROUGH ? count : Math.ceil(count / 3))),
});

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
  if (IS_COMPLETE) throw new Error(`a test ${why}; in CI none is left out`);
  skip(why);
}
