/** A queue's own history: what arrived when, how much of it there is, and what nobody can tell from it. */
import { buildsIn } from '../../world/workload.ts';
import type { Workload } from '../../world/workload.ts';

/** Where a history comes from. */
export type Source = 'journal' | 'steps' | 'trace';

/** Arrivals from 0 on, and the days they span. */
export interface Span {
  readonly workload: Workload;
  readonly days: number;
}

export interface History extends Span {
  readonly source: Source;
  readonly steps: number;
  /** What cannot be known from it, in sentences. */
  readonly unknown: readonly string[];
}

export const DAY_SECONDS = 86_400;

const OF_ALL = [
  'how much longer a step takes beside others on the same machine: so slots are only varied together with the machine’s size, at the same price a slot',
  'what spot machines lose by interruptions, launches that AWS refuses, and evaluations that give notice of their builds',
];

const OF_SOURCE: Readonly<Record<Source, readonly string[]>> = {
  journal: [
    'single steps: a look tells how many wait and run, and how many our machines have done, in what time. Arrivals are put between two looks, durations are drawn around the mean',
    'what static builders took meanwhile',
  ],
  steps: [
    'required features, which Hydra’s database does not keep: every step counts for the type of its system that asks for none',
    'when a step could have started: taken to be when the last step of its build before it was done, or when the build was queued, so that too little of it looks like waiting',
  ],
  trace: [],
};

/**
 * The last days of what arrived.
 * @param days at most; all of it when absent.
 * @throws RangeError for no arrivals.
 */
export function historyOf(source: Source, workload: Workload, days = Infinity): History {
  const last = workload.at(-1)?.atSeconds;
  if (last === undefined) throw new RangeError('no steps are in it');
  const recent = workload.filter(({ atSeconds }) => atSeconds >= last - days * DAY_SECONDS);
  const first = recent[0]?.atSeconds ?? last;
  return {
    source,
    workload: recent.map((arrival) => ({ ...arrival, atSeconds: arrival.atSeconds - first })),
    days: (last - first) / DAY_SECONDS,
    steps: buildsIn(recent),
    unknown: [...OF_SOURCE[source], ...OF_ALL],
  };
}

const WORKING_WEEK_DAYS = 6.5;
const FEW_STEPS = 300;
const MANY_DAYS = 13;
const MANY_STEPS = 2000;

/** How far it can be believed, in a sentence. */
export function confidence({ days, steps }: Pick<History, 'days' | 'steps'>): string {
  if (days < WORKING_WEEK_DAYS)
    return 'That says little: it has not seen a whole week, and a weekend or a Monday may be missing.';
  if (steps < FEW_STEPS)
    return `That says little: so few steps are an anecdote; from ${FEW_STEPS} on they are a habit.`;
  return days < MANY_DAYS || steps < MANY_STEPS
    ? 'That is fair: a difference of less than a tenth may be chance.'
    : 'That is good, as long as the queue stays as it was: a difference of less than one in twenty may be chance.';
}
