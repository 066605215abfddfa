/** Settings that are allowed, and cost more than people think: what, with the figure. Told by check, synth and doctor. */
import type { ConfigRule } from './config.ts';
import type { MachineType } from './machine-type.ts';
import { isLinux } from './policy.ts';

/**
 * Machine hours at the same wait, by those of machines that are reckoned by the second
 * (measured: docs/develop/facts.md#what-hours-cost).
 */
const HOURLY_TIMES = 1.5;
/** Two boots: what is kept for longer costs more than it can save, in seconds. */
const GRACE_SECONDS_MAX = 240;

/** A setting and what it costs. */
export interface Cost {
  readonly field: 'billing' | 'runnablesPerMachine' | 'gracePeriod';
  readonly says: string;
}

/** What the settings of a type cost, as far as they alone tell. */
export const costsOf = (type: MachineType): readonly Cost[] => [
  ...hoursNobodySells(type),
  ...machinesNobodyFills(type),
  ...graceForNothing(type),
];

/** What it costs to reckon with hours where AWS bills seconds. */
export const hourlyCosts = `${HOURLY_TIMES} times the machine hours at the same wait`;

/** Images of SUSE and from the Marketplace are billed by the hour; which image it is the doctor finds out. */
const hoursNobodySells = (type: MachineType): readonly Cost[] =>
  type.billing === 'hourly' && isLinux(type.systems)
    ? [
        {
          field: 'billing',
          says: `is "hourly", and AWS bills Linux by the second: that costs ${hourlyCosts}; set "auto", unless AWS bills its image by the hour`,
        },
      ]
    : [];

function machinesNobodyFills(type: MachineType): readonly Cost[] {
  const { targetWaitSeconds, runnablesPerMachine, maxJobs } = type;
  if (targetWaitSeconds !== undefined || runnablesPerMachine >= maxJobs) return [];
  const times = Math.round((10 * maxJobs) / runnablesPerMachine) / 10;
  return [
    {
      field: 'runnablesPerMachine',
      says:
        `is ${runnablesPerMachine}, below maxJobs, ${maxJobs}: up to ${times} times as many machines are launched as the steps that wait fill, and with 1 a machine of 4 ` +
        `jobs three times the hours were paid; raise it to ${maxJobs}, or say "targetWait" instead, by which nothing is launched that no step fills`,
    },
  ];
}

function graceForNothing({ targetWaitSeconds, gracePeriodSeconds, billing }: MachineType): readonly Cost[] {
  const isKept = targetWaitSeconds === undefined && gracePeriodSeconds > GRACE_SECONDS_MAX;
  if (!isKept || billing === 'hourly') return [];
  return [
    {
      field: 'gracePeriod',
      says:
        `keeps every machine ${gracePeriodSeconds} s without need, to save a boot of some 120 s: 600 s cost 14 to 41 % more hours for a minute to a minute and a ` +
        `half less wait; lower it to 120, or say "targetWait" instead, which learns when that is worth it`,
    },
  ];
}

/** What might be had for less. Nothing is wrong there: told by check and doctor, and by nobody as a warning. */
export interface Advice {
  readonly field: 'market' | 'maxJobs';
  readonly says: string;
}

/** Machines of so many slots are told what their size costs. */
const SLOTS_OF_LARGE = 8;

/** What saves most first. */
export const adviceFor = (type: MachineType): readonly Advice[] => [
  ...onDemandAlone(type),
  ...largeMachines(type),
];

/** EC2 stops no spot machines, and nested virtual machines are to be had on demand alone. */
const onDemandAlone = ({
  market,
  stopOnIdle,
  features,
  supportedFeatures,
}: MachineType): readonly Advice[] =>
  market !== 'on-demand' || stopOnIdle || [...features, ...supportedFeatures].includes('kvm')
    ? []
    : [
        {
          field: 'market',
          says:
            'is "on-demand": spot machines often cost 60 % less, which no other setting saves; take "spot-then-on-demand", ' +
            'unless its steps are so long that it matters when AWS takes a machine and they are built again',
        },
      ];

/** (measured: docs/develop/facts.md#what-hours-cost) */
const largeMachines = ({ maxJobs }: MachineType): readonly Advice[] =>
  maxJobs < SLOTS_OF_LARGE
    ? []
    : [
        {
          field: 'maxJobs',
          says:
            `is ${maxJobs}: where a slot has one price, machines of 8 slots cost 14 % more than those of 4 at the same wait, and those of 1 slot 14 % less, ` +
            'since the last steps of a machine hold all of it; take smaller machines, unless steps are much faster with many processors',
        },
      ];

/** For the list of warnings. */
export const costlySettings: ConfigRule = ({ machineTypes }) =>
  machineTypes.flatMap((type) =>
    costsOf(type).map(({ field, says }) => ({
      path: `systemTypes.${type.key}.${field}`,
      says,
      from: ['maxJobs', 'targetWait', 'billing'].map((name) => `systemTypes.${type.key}.${name}`),
    })),
  );
