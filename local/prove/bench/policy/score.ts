/** What a run on a trace comes to: machine hours, and what the steps waited. The same sum for our own code and for peers. */
import type { Billing } from '../../../../lambdas/core/model/index.ts';
import { billedSeconds } from '../../../world/region/billing.ts';
import { quantile } from '../../../world/ledger.ts';

/** A machine's life, in seconds: from the launch to the call that ended it. AWS bills from some 20 s later. */
export interface MachineLife {
  readonly from: number;
  readonly to: number;
}

/** A step's wait for its first start, and what it then takes on one slot, both in seconds. */
export interface Wait {
  readonly seconds: number;
  readonly work: number;
}

/** What happened on a trace, whoever scaled. */
export interface Played {
  readonly machines: readonly MachineLife[];
  readonly waits: readonly Wait[];
  /** Most machines at once. */
  readonly peak: number;
  /** Steps a machine does at once. */
  readonly slots: number;
}

/** Hours are machine hours; waits are in seconds. */
export interface Score {
  readonly hours: number;
  /** Hours by those that the steps would fill without a gap, machines and slots always full: 1 is out of reach. */
  readonly workBoundRatio: number;
  /** The mean in which a step counts by its work. */
  readonly workWeightedWait: number;
  readonly meanWait: number;
  readonly p50: number;
  readonly p95: number;
  readonly maxWait: number;
  readonly starts: number;
  readonly peak: number;
}

const HOUR_SECONDS = 3600;

/** The run as it is billed: whole hours of each start, or its seconds and 60 at least. */
export function scoreOf({ machines, waits, peak, slots }: Played, billing: Billing): Score {
  const billed = sum(machines, ({ from, to }) => billedSeconds(to - from, billing));
  const work = sum(waits, (wait) => wait.work);
  const seconds = waits.map((wait) => wait.seconds);
  return {
    hours: billed / HOUR_SECONDS,
    workBoundRatio: billed / (work / slots),
    workWeightedWait: sum(waits, (wait) => wait.seconds * wait.work) / work,
    meanWait: sum(seconds, (wait) => wait) / seconds.length,
    p50: quantile(seconds, 0.5),
    p95: quantile(seconds, 0.95),
    maxWait: seconds.reduce((most, wait) => Math.max(most, wait), 0),
    starts: machines.length,
    peak,
  };
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
