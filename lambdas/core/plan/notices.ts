/** What people are told by hand: only what no alarm knows, as alarms themselves say when something begins and ends. */
import type { Config } from '../config/config.ts';
import { lastDay, machineHours } from './machine-hours.ts';
import type { Farm, MachineHour, Observation } from '../model/index.ts';

export interface Notice {
  /** What it is about: the same key is not told twice within a day. */
  readonly key: string;
  /** At most 100 ASCII characters. */
  readonly subject: string;
  /** What happened, why, and what to do. */
  readonly text: string;
}

const DAY_SECONDS = 86_400;
const SUBJECT_CHARACTERS = 100;

/** What people are told of this round, and what the farm has to remember of it. */
export function noticesOf(
  config: Config,
  observation: Observation,
): { readonly notices: readonly Notice[]; readonly remembered: Pick<Farm, 'told' | 'machineHours'> } {
  const { now, state } = observation;
  const hours = machineHours(config, observation);
  const told = (state.farm.told ?? []).filter(({ at }) => now - at < DAY_SECONDS);
  const due = running(config, observation, hours).filter(
    ({ key }) => !told.some((before) => before.key === key),
  );
  const remembered = [...told, ...due.map(({ key }) => ({ key, at: now }))];
  return {
    notices: due.map((notice) => ({ ...notice, subject: subjectLine(config, notice) })),
    remembered: {
      ...(remembered.length === 0 ? {} : { told: remembered }),
      ...(hours.length === 0 ? {} : { machineHours: hours }),
    },
  };
}

/** SNS takes printable ASCII only. */
function subjectLine({ tag }: Config, { subject }: Notice): string {
  return `${tag}: ${subject}`.replaceAll(/[^ -~]/g, '?').slice(0, SUBJECT_CHARACTERS);
}

/** Machines that run and run, by type: metrics have no types, and no alarm adds up the hours of a day. */
function running(
  { machineHoursPerDay: limit = Infinity, machineTypes }: Config,
  observation: Observation,
  hours: readonly MachineHour[],
): readonly Notice[] {
  const types = lastDay(hours, observation);
  const sum = types.reduce((all, one) => all + one.hours, 0);
  if (sum <= limit) return [];
  const lines = types.map((one) => {
    const kinds = machineTypes.find(({ key }) => key === one.type)?.instanceTypes ?? [];
    const size = kinds.length === 0 ? '' : ` of ${kinds.join(', ')}`;
    return `${one.type}: ${one.hours.toFixed(1)} h${size}; ${one.running} running now`;
  });
  const first = JSON.stringify({ explain: { type: types[0]?.type } });
  return [
    {
      key: 'machine hours',
      subject: `${sum.toFixed(1)} machine-hours in the last 24 hours`,
      text: [
        `The limit is ${limit} (deploy.machineHoursPerDay). By type, most hours first; they count hours, not prices:`,
        '',
        ...lines,
        '',
        `${first} says why the first has its machines. Lower its maxMachines, minMachines or gracePeriod,`,
        'or maxTotalMachines; raise the limit if the money is there.',
      ].join('\n'),
    },
  ];
}
