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

/** Half the wait is worth a quarter more money, and no more. */
const WORTH_OF_HALF = Math.log2(1.25);
/** Nobody minds half of a few seconds. */
const SPARE_SECONDS = 30;

/** The less, the better. It does not depend on the unit of cost, nor on which other points there are. */
const priceOfBoth = ({ wait, cost }: Point): number =>
  Math.log2(cost) + WORTH_OF_HALF * Math.log2(wait + SPARE_SECONDS);

/** The best first. */
export const byWorth = <P extends Point>(points: readonly P[]): readonly P[] =>
  points.toSorted((a, b) => priceOfBoth(a) - priceOfBoth(b));

/**
 * The point before which half the wait costs more than a quarter more, and after which it costs less.
 * @throws RangeError for no points.
 */
export function kneeOf<P extends Point>(points: readonly P[]): P {
  const [best] = byWorth(points);
  if (best === undefined) throw new RangeError('there are no points');
  return best;
}
