/** How a run ended, in numbers: what its world counted, and what its ticks met. */
import { problemsOf } from '../show/history.ts';
import type { RunSummary, TickLine } from '../show/history.ts';
import { quantile } from '../../world/ledger.ts';
import type { World } from '../../world/world.ts';
import { termsOf } from './terms.ts';
import type { Terms } from './terms.ts';

/** What of a run the world does not know. */
export interface Course {
  readonly ticks: readonly TickLine[];
  /** Since the run's start. */
  readonly passedSeconds: number;
  readonly terms: Terms;
}

export function summaryOfRun(
  { ledger, judge, hours }: World,
  { ticks, passedSeconds, terms }: Course,
): RunSummary {
  const waits = ledger.waits.map(({ seconds }) => seconds);
  return {
    buildsDone: ledger.done,
    buildsLost: ledger.lost.length,
    buildsFailed: ledger.queued - ledger.unfinished - ledger.done,
    buildsWaiting: ledger.unfinished,
    ticks: ticks.length,
    launches: hours.launched,
    terminations: judge.terminations,
    billedMachineHours: round(hours.billed),
    busyMachineHours: round(ledger.busyMachineSeconds / 3600),
    p50WaitSeconds: Math.round(quantile(waits, 0.5)),
    p95WaitSeconds: Math.round(quantile(waits, 0.95)),
    violations: judge.violations.length,
    problems: problemsOf(ticks),
    virtualHours: round(passedSeconds / 3600),
    seed: terms.seed,
    terms: termsOf(terms, passedSeconds),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
