/** Deliberate breakages: each is a change of text in one file that the suite must catch. */

export interface Mutant {
  /** What is broken. */
  readonly name: string;
  readonly file: string;
  /** Must occur exactly once. */
  readonly from: string;
  readonly to: string;
  /** The tests that must catch it: paths, as vitest takes them. */
  readonly tests: readonly string[];
}

/** Several breakages of one file. */
export const mutantsOf = (
  file: string,
  tests: readonly string[],
  changes: readonly (readonly [name: string, from: string, to: string])[],
): readonly Mutant[] => changes.map(([name, from, to]) => ({ name, file, from, to, tests }));

/** The text with the mutant in it. @throws RangeError when the mutant does not fit the text any more. */
export function mutated(text: string, { name, file, from, to }: Mutant): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new RangeError(
      `"${name}": its text occurs ${parts.length - 1} times in ${file}; bring the mutant up to date`,
    );
  return parts.join(to);
}
