/**
 * Plays a history with each machine type as it is set today and as it could be, and finds the knee: everything on some
 * days of it, then what came out best on all of it, or on as much as there is time for.
 */
import { soonest, todayIn } from './choose.ts';
import { coveredBy } from './farm.ts';
import type { History, Span } from './history.ts';
import { kneeOf } from './knee.ts';
import { priceToday } from './row.ts';
import type { AdviceRow } from './row.ts';
import { sliceOf } from './slice.ts';
import { Trials } from './trials.ts';
import type { TrialOptions } from './trials.ts';

export interface AdviceOptions extends TrialOptions {
  readonly history: History;
}

/** The advice for one machine type. */
export interface Advice {
  readonly key: string;
  readonly steps: number;
  readonly unit: 'dollars' | 'hours';
  /** The shortest wait first. */
  readonly rows: readonly AdviceRow[];
  readonly today: AdviceRow;
  readonly knee: AdviceRow;
  /** The cheapest that lets steps wait no longer than today. */
  readonly asSoon: AdviceRow;
}

export interface Advised {
  readonly advice: readonly Advice[];
  /** Days that the best were played on, and the others. */
  readonly days: { readonly best: number; readonly others: number };
  /** Steps that no type takes. */
  readonly uncovered: number;
  readonly violations: readonly string[];
}

/** What all candidates are played on, and what the best ones are: two weeks take two cores under two minutes. */
const FEW = { steps: 3000, days: 3 };
const MANY = { steps: 10_000, days: 15 };

/** @throws ConfigError for a farm that cannot be; RangeError where no type of it takes any of the steps. */
export async function adviseFarm(options: AdviceOptions): Promise<Advised> {
  const { workload, steps, uncovered } = coveredBy(options.farm, options.history.workload);
  if (steps.size === 0) throw new RangeError('no machine type of the farm takes any of these steps');
  const all: Span = { workload, days: options.history.days };
  const [few, many] = [sliceOf(all, FEW), sliceOf(all, MANY)];
  const trials = new Trials(options, [...steps.keys()]);
  const rough = await trials.tried(few);
  const isPlayedWhole = few.days === many.days;
  const rows = isPlayedWhole ? rough : await trials.refined(rough, many);
  return {
    advice: [...steps].map(([key, count]) => adviceOf(key, count, rows.get(key) ?? [], options)),
    days: { best: many.days, others: few.days },
    uncovered,
    violations: trials.violations,
  };
}

/** Only what was played on most days is recommended. */
function adviceOf(
  key: string,
  steps: number,
  rows: readonly AdviceRow[],
  { farm, prices }: AdviceOptions,
): Advice {
  const today = todayIn(rows);
  const sure = rows.filter(({ isRough }) => !isRough);
  return {
    ...{ key, steps, today },
    unit: priceToday(farm.types[key] ?? {}, prices) === undefined ? 'hours' : 'dollars',
    rows: rows.toSorted((a, b) => a.wait - b.wait),
    knee: kneeOf(sure),
    asSoon: soonest(sure, today),
  };
}
