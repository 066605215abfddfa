/** What a candidate comes to, in hours or dollars a month. */
import type { Score } from '../bench/policy/score.ts';
import type { Written } from '../bench/policy/settings.ts';
import { instanceTypeOf } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import type { Point } from './knee.ts';

/** Dollars an hour of an instance type. */
export interface Price {
  readonly onDemand: number;
  readonly spot?: number;
}

/** By instance type. */
export type Prices = ReadonlyMap<string, Price>;

/** Waits are in seconds; starts and hours are of a month. */
export interface AdviceRow extends Point {
  readonly key: string;
  readonly candidate: Candidate;
  /** What it would cost on the spot market; absent where that is not known. */
  readonly spotCost?: number;
  /** Machine hours, of its own machines. */
  readonly hours: number;
  readonly p95: number;
  readonly maxWait: number;
  readonly starts: number;
  readonly peak: number;
  /** It was played on fewer days than the best ones, and put right by how today came out on those and on these. */
  readonly isRough: boolean;
}

const MONTH_DAYS = 30.4;
const SPOT = new Set<unknown>(['spot', 'spot-then-on-demand']);

export interface Played {
  readonly key: string;
  readonly candidate: Candidate;
  /** The type as it is written today. */
  readonly today: Written;
  readonly score: Score;
  /** Days that were played. */
  readonly days: number;
}

/** Without a price cost is in hours, and a machine of half the size counts half. */
export function rowOf({ key, candidate, today, score, days }: Played, prices: Prices): AdviceRow {
  // A history of an hour says nothing of the day's other hours: none of them counts as like it.
  const months = Math.max(1, days) / MONTH_DAYS;
  const hours = score.hours / months;
  const price = priceOf(candidate, today, prices);
  const spot = price?.spot;
  const isSpot = SPOT.has(candidate.type['market']) && spot !== undefined;
  return {
    ...{ key, candidate, hours, isRough: false },
    cost: hours * (isSpot ? spot : (price?.onDemand ?? candidate.size)),
    ...(spot === undefined ? {} : { spotCost: hours * spot }),
    ...{ wait: score.workWeightedWait, p95: score.p95, maxWait: score.maxWait },
    ...{ starts: score.starts / months, peak: score.peak },
  };
}

/** What is written of a type is for it as it is bought. */
export function priceToday(today: Written, prices: Prices): Price | undefined {
  const { dollarsPerHour: written } = today;
  return typeof written === 'number' ? { onDemand: written } : prices.get(instanceTypeOf(today));
}

/** Undefined where today's is not known. Half the machine has half the price where it has none of its own. */
function priceOf(candidate: Candidate, today: Written, prices: Prices): Price | undefined {
  const base = priceToday(today, prices);
  if (base === undefined || candidate.size === 1) return base;
  const { onDemand, spot } = base;
  const inProportion = {
    onDemand: onDemand * candidate.size,
    ...(spot === undefined ? {} : { spot: spot * candidate.size }),
  };
  return prices.get(instanceTypeOf(candidate.type)) ?? inProportion;
}

/**
 * A row of few days, put right by how today's row of the same days came out beside that of more days. Peaks and longest
 * waits are left as they are: more days would only raise them.
 */
export function putRight(row: AdviceRow, few: AdviceRow, more: AdviceRow): AdviceRow {
  const money = more.hours / few.hours;
  const time = few.wait === 0 ? 1 : more.wait / few.wait;
  return {
    ...row,
    ...{ isRough: true, cost: row.cost * money, hours: row.hours * money, starts: row.starts * money },
    ...(row.spotCost === undefined ? {} : { spotCost: row.spotCost * money }),
    ...{ wait: row.wait * time, p95: row.p95 * time },
  };
}
