/** Such as `1 machine`, `2 machines`, `0 machines`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** How often each is there, in the order in which they first appear. */
export function tally(things: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const thing of things) times.set(thing, (times.get(thing) ?? 0) + 1);
  return times;
}

/** Such as `2 ready, 1 draining`; empty for nothing. */
export const eachCounted = (things: readonly string[]): string =>
  [...tally(things)].map(([thing, times]) => `${times} ${thing}`).join(', ');
