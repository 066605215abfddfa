/** The colours of kinds of builds: a kind keeps its own from one report to the next. */
import { createHash } from 'node:crypto';

/** From Paul Tol's muted palette, without those that the page's dark background swallows; the phases of machines have another. */
export const KIND_COLOURS = [
  '#44aa99',
  '#117733',
  '#ddcc77',
  '#999933',
  '#aa4499',
  '#cc6677',
  '#88ccee',
] as const;

/**
 * A colour each. It goes by the kind's name alone; where two names fall on one colour, the one later in the alphabet takes
 * the next that is free.
 * @param kinds no more than there are colours.
 */
export function kindColours(kinds: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const colours = new Map<string, string>();
  for (const kind of kinds.toSorted()) {
    const first = createHash('sha256').update(kind).digest().readUInt32BE() % KIND_COLOURS.length;
    const order = [...KIND_COLOURS.slice(first), ...KIND_COLOURS.slice(0, first)];
    const colour = order.find((one) => !taken.has(one)) ?? KIND_COLOURS[first] ?? '';
    taken.add(colour);
    colours.set(kind, colour);
  }
  return colours;
}
