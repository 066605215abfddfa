/** With which settings our own code plays a trace: a dial in steps, under each clock. */
import { DEFAULT_TARGET_WAIT } from '../../../../lambdas/core/config/policy.ts';
import type { Billing } from '../../../../lambdas/core/model/index.ts';
import type { Workload } from '../../../world/workload.ts';

/** Settings by name, as people write them. */
export type Written = Readonly<Record<string, unknown>>;

/** When the function is woken. */
export interface Clock {
  /** For people, such as `clock 300 s`. */
  readonly name: string;
  /** Of the whole farm, beside its machine types. */
  readonly farm: Written;
  /** Between two ticks by the schedule, in seconds. */
  readonly periodSeconds: number;
}

export interface Setting {
  /** For people, such as `targetWait 600`. */
  readonly name: string;
  /** Of every machine type. */
  readonly type: Written;
  readonly clock: Clock;
}

/** Slots of every machine where nothing else is set. */
export const SLOTS = 4;
/** More than any trace asks for: what is measured is the policy, not the cap. */
export const MACHINES = { ofType: 1000, inAll: 4000 };

/** What trades wait against hours, thrifty last; and where it stands when a burst comes. */
export const DIAL = {
  setting: 'targetWait',
  values: [120, 300, 600, 1000, 2000, 4000],
  ofBursts: { targetWait: DEFAULT_TARGET_WAIT },
} as const;

/** By the clock alone. @param seconds a whole number of minutes. */
export const clockOf = (seconds: number): Clock => ({
  name: `clock ${seconds} s`,
  farm: { schedule: seconds === 60 ? 'rate(1 minute)' : `rate(${seconds / 60} minutes)`, watch: false },
  periodSeconds: seconds,
});

/** The usual clock, and the watch on the Hydra host between its ticks. */
export const WATCHED: Clock = { ...clockOf(300), name: 'watch', farm: { schedule: 'rate(5 minutes)' } };

/** The clocks of the usual table. */
export const CLOCKS: readonly Clock[] = [clockOf(300), clockOf(60), WATCHED];

/** Every value of the dial under every clock. @param besides further settings of every machine type. */
export const settingsOf = (
  values: readonly number[],
  clocks: readonly Clock[],
  besides: Written,
): Setting[] =>
  clocks.flatMap((clock) =>
    values.map((value) => {
      const type = { [DIAL.setting]: value, ...besides };
      return { name: nameOf(type), type, clock };
    }),
  );

const nameOf = (type: Written): string =>
  Object.entries(type)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** A machine type for each kind of step, i686 on x86_64, with these settings beside the usual ones. */
export function typesFor(workload: Workload, type: Written): Readonly<Record<string, Written>> {
  const kinds = workload.flatMap(({ system, features }) =>
    system === 'builtin' ? [] : [[system, ...(features.length > 0 ? [features.join(',')] : [])].join(':')],
  );
  const keys = [...new Set(kinds.map((key) => key.replace(/^i686-linux/, 'x86_64-linux')))].toSorted();
  const usual = { maxMachines: MACHINES.ofType, maxJobs: SLOTS };
  return Object.fromEntries(keys.map((key) => [key, { ...usual, ...type }]));
}

/**
 * Each batch as the end of an evaluation that has run for so many seconds. Recorded queues do not tell jobsets: batches of as
 * many steps of one kind are taken for those of one, so that what one usually brings is what it brings. A real queue is told
 * less well.
 */
export const evaluated = (workload: Workload, seconds: number): Workload =>
  workload.map((arrival) => {
    const { system, features, durationsSeconds } = arrival;
    const jobset = ['bench:batches', system, ...features, durationsSeconds.length].join('-');
    return { ...arrival, evaluation: { jobset, seconds } };
  });

/** The farm that plays a workload, as people write it. */
export const farmFor = (workload: Workload, { type, clock }: Setting, billing: Billing): Written => ({
  tag: 'bench',
  maxTotalMachines: MACHINES.inAll,
  host: { instanceId: 'i-0123456789abcdef0' },
  ...clock.farm,
  systemTypes: typesFor(workload, { ...type, billing }),
});
