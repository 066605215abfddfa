/** What a simulated run comes to. */
import type { Violation } from '../../world/judge/violations.ts';

export interface Outcome {
  readonly seed: number;
  /** Virtual hours, the time in which the last builds end included. */
  readonly hours: number;
  /** Invocations of the function. */
  readonly ticks: number;
  /** Faults by kind; a kind with an AWS error name in it after a colon. */
  readonly faults: Readonly<Record<string, number>>;
  readonly buildsDone: number;
  /** Those that failed, were cancelled or given up, by how they ended. */
  readonly buildsEndedOtherwise: Readonly<Record<string, number>>;
  /** Steps tried again because of something we did. */
  readonly buildsRetriedByUs: number;
  /** Steps that a machine took with it when AWS, a fault or a person ended it. */
  readonly stepsLost: number;
  readonly instancesLeaked: number;
  readonly machinesLaunched: number;
  readonly billedHours: number;
  /** Machine time that was wanted, by the world's own account. */
  readonly neededHours: number;
  readonly violations: readonly Violation[];
  /** From the end of a storm to a steady state, at worst. */
  readonly worstRecoverySeconds: number;
}

/** The sum of several runs; the worst of what is not a number to be added. */
export function summed(outcomes: readonly Outcome[]): Omit<Outcome, 'seed' | 'violations'> & {
  readonly seeds: number;
  readonly violations: number;
} {
  const total = (of: (outcome: Outcome) => number): number =>
    Math.round(outcomes.reduce((sum, outcome) => sum + of(outcome), 0) * 100) / 100;
  return {
    seeds: outcomes.length,
    hours: total(({ hours }) => hours),
    ticks: total(({ ticks }) => ticks),
    faults: merged(outcomes.map(({ faults }) => faults)),
    buildsDone: total(({ buildsDone }) => buildsDone),
    buildsEndedOtherwise: merged(outcomes.map(({ buildsEndedOtherwise }) => buildsEndedOtherwise)),
    buildsRetriedByUs: total(({ buildsRetriedByUs }) => buildsRetriedByUs),
    stepsLost: total(({ stepsLost }) => stepsLost),
    instancesLeaked: total(({ instancesLeaked }) => instancesLeaked),
    machinesLaunched: total(({ machinesLaunched }) => machinesLaunched),
    billedHours: total(({ billedHours }) => billedHours),
    neededHours: total(({ neededHours }) => neededHours),
    violations: total(({ violations }) => violations.length),
    worstRecoverySeconds: Math.max(0, ...outcomes.map((outcome) => outcome.worstRecoverySeconds)),
  };
}

function merged(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [kind, count] of counts.flatMap((one) => Object.entries(one)))
    sum[kind] = (sum[kind] ?? 0) + count;
  return Object.fromEntries(Object.entries(sum).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
