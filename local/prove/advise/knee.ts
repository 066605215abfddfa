/** Where more machines stop being worth their money. */

export interface Point {
  /** The work-weighted wait, in seconds. */
  readonly wait: number;
  /** A month, in dollars or in hours of a machine of today. */
  readonly cost: number;
}

/** Those that no other beats in one and equals in the other; the shortest wait first. */
export function frontOf<P extends Point>(points: readonly P[]): readonly P[] {
  const sorted = points.toSorted((a, b) => a.wait - b.wait || a.cost - b.cost);
  let cheapest = Infinity;
  return sorted.filter(({ cost }) => {
    if (cost >= cheapest) return false;
    cheapest = cost;
    return true;
  });
}

/**
 * The point that lies furthest below the line between the ends of the front, both measured in parts of the front's own
 * span: before it a little money saves much waiting, after it much waiting saves a little money.
 * @throws RangeError for no points.
 */
export function kneeOf<P extends Point>(points: readonly P[]): P {
  const front = frontOf(points);
  const [first, last] = [front[0], front.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('there are no points');
  const part = (value: number, from: number, to: number): number =>
    to === from ? 0 : (value - from) / (to - from);
  const below = ({ wait, cost }: Point): number =>
    1 - part(wait, first.wait, last.wait) - part(cost, last.cost, first.cost);
  return front.reduce((best, point) => (below(point) > below(best) ? point : best), first);
}
