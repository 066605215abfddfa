/** Such as `1 machine`, `2 machines`, `0 machines`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** What numbers of the same name add up to, in the order in which the names first appear. */
export function sums(
  numbers: Iterable<readonly [name: string, number: number]>,
): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const [name, number] of numbers) sum.set(name, (sum.get(name) ?? 0) + number);
  return sum;
}

/** How often each is there, in the same order. */
export const tally = (things: readonly string[]): ReadonlyMap<string, number> =>
  sums(things.map((thing) => [thing, 1]));

/** Such as `2 ready, 1 draining`; empty for nothing. */
export const eachCounted = (things: readonly string[]): string =>
  [...tally(things)].map(([thing, times]) => `${times} ${thing}`).join(', ');
