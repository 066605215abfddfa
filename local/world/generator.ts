/**
 * A made-up queue with the statistics of real ones: batches that arrive at one instant as an evaluation does, sizes from
 * 1 to 140, heavy-tailed durations, quiet nights and weekends. The numbers were fitted to four weeks of 60 compile-heavy
 * public projects (35,153 jobs: half took under 552 s, one in ten over 1,582 s, one in a hundred over 3,467 s).
 */
import type { Random } from './random.ts';
import type { Arrival, Workload } from './workload.ts';

/** One kind of build and its share of the batches. */
export interface KindShare {
  readonly system: string;
  readonly features: readonly string[];
  /** Relative weight. */
  readonly share: number;
}

export interface GeneratorOptions {
  readonly random: Random;
  readonly hours: number;
  /** Hour of the day (UTC) and day of the week (0 is Sunday) at which it starts. */
  readonly startHour: number;
  readonly startDay: number;
  readonly kinds: readonly KindShare[];
  /** Batches per hour at the busiest time. */
  readonly peakBatchesPerHour: number;
}

const DURATION_MEDIAN_SECONDS = 552;
const DURATION_SIGMA = 0.81;
const DURATION_MAX_SECONDS = 4 * 3600;
const BATCH_MEDIAN = 12;
const BATCH_SIGMA = 1;
const BATCH_MAX = 140;

/** Part of the busiest hour's batches that each hour of a working day sees. */
const HOURLY_ACTIVITY = [
  0.2, 0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.5, 0.75, 0.9, 1, 1, 0.9, 1, 1, 0.95, 0.9, 0.8, 0.65, 0.55, 0.5, 0.45,
  0.35, 0.25,
];
const WEEKEND_ACTIVITY = 0.3;

/** A workload of `hours` hours. The same random generator gives the same one. */
export function generateWorkload(options: GeneratorOptions): Workload {
  const { random, hours, peakBatchesPerHour } = options;
  const arrivals: Arrival[] = [];
  const end = hours * 3600;
  // Thinning: draw at the busiest rate, keep with the probability of the hour.
  for (
    let at = nextGap(random, peakBatchesPerHour) / 2;
    at < end;
    at += nextGap(random, peakBatchesPerHour)
  ) {
    if (random.chance(activityAt(options, at))) arrivals.push(batchAt(options, Math.round(at)));
  }
  return arrivals;
}

const nextGap = (random: Random, perHour: number): number => (-Math.log(1 - random.next()) * 3600) / perHour;

function activityAt({ startHour, startDay }: GeneratorOptions, seconds: number): number {
  const hour = startHour + seconds / 3600;
  const day = (startDay + Math.floor(hour / 24)) % 7;
  const ofHour = HOURLY_ACTIVITY[Math.floor(hour % 24)] ?? 0;
  return day === 0 || day === 6 ? ofHour * WEEKEND_ACTIVITY : ofHour;
}

function batchAt({ random, kinds }: GeneratorOptions, atSeconds: number): Arrival {
  const { system, features } = pickKind(random, kinds);
  return { atSeconds, system, features, durationsSeconds: batchDurations(random) };
}

/** How long each build of one batch takes, in seconds. */
export function batchDurations(random: Random): readonly number[] {
  const size = Math.round(within(1, BATCH_MAX, logNormal(random, BATCH_MEDIAN, BATCH_SIGMA)));
  return Array.from({ length: size }, () =>
    Math.round(within(5, DURATION_MAX_SECONDS, logNormal(random, DURATION_MEDIAN_SECONDS, DURATION_SIGMA))),
  );
}

const logNormal = (random: Random, median: number, sigma: number): number =>
  median * Math.exp(sigma * random.normal());

const within = (min: number, max: number, value: number): number => Math.min(max, Math.max(min, value));

function pickKind(random: Random, kinds: readonly KindShare[]): KindShare {
  const total = kinds.reduce((sum, { share }) => sum + share, 0);
  let left = random.next() * total;
  for (const kind of kinds) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  return random.pick(kinds);
}
