/** Our hours beside those of peers, at no longer wait. */

/** A row of the table, as far as it is compared. */
export interface Compared {
  readonly hours: number;
  /** In seconds. */
  readonly workWeightedWait: number;
}

/**
 * The fewest hours in which the steps of one ladder wait no longer than `wait`, by work, in seconds: those of a row
 * with no longer wait, or between two neighbours of the ladder, since the dial has values between. Undefined where
 * every row waits longer.
 */
export function hoursAt(ladder: readonly Compared[], wait: number): number | undefined {
  const rows = ladder.toSorted((a, b) => a.workWeightedWait - b.workWeightedWait);
  const soEarly = rows.filter((row) => row.workWeightedWait <= wait);
  const next = rows[soEarly.length];
  const last = soEarly.at(-1);
  if (last === undefined) return undefined;
  const between = next === undefined ? [] : [hoursBetween(last, next, wait)];
  return Math.min(...soEarly.map(({ hours }) => hours), ...between);
}

/** Hours fall about evenly, in proportion, as the wait grows. */
function hoursBetween(before: Compared, after: Compared, wait: number): number {
  const part = (wait - before.workWeightedWait) / (after.workWeightedWait - before.workWeightedWait);
  return before.hours * (after.hours / before.hours) ** part;
}

/** The best of several ladders. @returns our hours by those of `peer`; undefined where none of ours waits so little. */
export function ratioTo(peer: Compared, ladders: readonly (readonly Compared[])[]): number | undefined {
  const hours = ladders.flatMap((ladder) => hoursAt(ladder, peer.workWeightedWait) ?? []);
  return hours.length === 0 ? undefined : Math.min(...hours) / peer.hours;
}

/** Of numbers above 0; undefined of none. */
export const geometricMean = (values: readonly number[]): number | undefined =>
  values.length === 0
    ? undefined
    : Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
