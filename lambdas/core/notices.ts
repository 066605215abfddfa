/** The few things people should be told at once, each at most once an hour. Alarms on metrics tell of what lasts. */
import type { Config } from './config/config.ts';
import { withheldByCaps } from './demand.ts';
import { lastDay, machineHours } from './machine-hours.ts';
import type { MachineHour } from './machine-hours.ts';
import type { EpochSeconds, Farm, Observation } from './model.ts';
import type { Plan } from './plan/plan.ts';

export interface Notice {
  /** What it is about: the same key is not told twice within an hour. */
  readonly key: string;
  /** At most 100 ASCII characters. */
  readonly subject: string;
  /** What happened, why, and what to do. */
  readonly text: string;
}

/** A notice that was told. */
export interface Told {
  readonly key: string;
  readonly at: EpochSeconds;
}

/** Machines launched in one round. */
export interface Launched {
  readonly at: EpochSeconds;
  readonly count: number;
}

const HOUR_SECONDS = 3600;
/** A restart of the queue runner makes it untrusted for a minute or two; that is nobody's business. */
const UNTRUSTED_SECONDS = 600;
const SUBJECT_CHARACTERS = 100;
/** More rounds than an hour has, and more keys than the largest configuration has; the farm's record must not grow beyond. */
const REMEMBERED_LAUNCHES = 240;
const REMEMBERED_NOTICES = 100;

/** What of this round people are told, and what the farm has to remember of it. */
export function noticesOf(
  config: Config,
  observation: Observation,
  plan: Plan,
): { readonly notices: readonly Notice[]; readonly farm: Farm } {
  const { now, state } = observation;
  const isRecent = ({ at }: { readonly at: EpochSeconds }): boolean => now - at < HOUR_SECONDS;
  const launched = [...(state.farm.launched ?? []).filter(isRecent), ...launchesOf(observation, plan)].slice(
    -REMEMBERED_LAUNCHES,
  );
  const hours = machineHours(config, observation);
  const told = (state.farm.told ?? []).filter(isRecent);
  const due = [
    ...failures(plan),
    ...caps(config, plan),
    ...untrusted(observation, plan),
    ...launchRate(config, launched),
    ...running(config, observation, hours),
  ].filter(({ key }) => !told.some((before) => before.key === key));
  const remembered = [...told, ...due.map(({ key }) => ({ key, at: now }))].slice(-REMEMBERED_NOTICES);
  return {
    notices: due.map((notice) => ({ ...notice, subject: subjectLine(config, notice) })),
    farm: {
      ...plan.farm,
      ...(remembered.length === 0 ? {} : { told: remembered }),
      ...(launched.length === 0 ? {} : { launched }),
      ...(hours.length === 0 ? {} : { machineHours: hours }),
    },
  };
}

/** SNS takes printable ASCII only. */
function subjectLine({ tag }: Config, { subject }: Notice): string {
  return `${tag}: ${subject}`.replaceAll(/[^ -~]/g, '?').slice(0, SUBJECT_CHARACTERS);
}

function launchesOf({ now, state }: Observation, plan: Plan): readonly Launched[] {
  const known = new Set(state.launches.map(({ id }) => id));
  const count = plan.actions.reduce(
    (sum, action) =>
      action.kind === 'launch' && !known.has(action.launch.id) ? sum + action.launch.count : sum,
    0,
  );
  return count === 0 ? [] : [{ at: now, count }];
}

/** Machines that were given up in this round; one notice a type, however many there are. */
function failures({ failed }: Plan): readonly Notice[] {
  return [...Map.groupBy(failed, ({ type }) => type)].map(([type, machines]) => ({
    key: `failed ${type}`,
    subject:
      machines.length === 1 ? `a machine of ${type} failed` : `${machines.length} machines of ${type} failed`,
    text: [
      ...machines.map(({ instanceId, reason }) => `${instanceId}: ${reason}`),
      '',
      'They are replaced as far as demand and back-off allow. Look at their console output, the security group, and',
      'the queue runner’s key; {"explain": {"machine": "…"}} says what the autoscaler knows of one.',
    ].join('\n'),
  }));
}

function caps(config: Config, { demand }: Plan): readonly Notice[] {
  const { maxTotalMachines } = config;
  const { types, beyondTotal } = withheldByCaps(config, demand);
  const ofTypes = types.map(({ type: { key, maxMachines }, wanted, reason }) => ({
    key: `cap ${key}`,
    subject: `${key} is at its cap of ${maxMachines} machines`,
    text: `${reason}\n\nThe queue would like ${wanted}. Raise maxMachines of ${key} if the money is there.`,
  }));
  if (beyondTotal === 0) return ofTypes;
  const total = maxTotalMachines + beyondTotal;
  return [
    ...ofTypes,
    {
      key: 'cap of all',
      subject: `all types together are at the cap of ${maxTotalMachines} machines`,
      text: `The types are allowed ${total} machines in all. Raise maxTotalMachines if the money is there.`,
    },
  ];
}

function untrusted({ queue, now }: Observation, { farm }: Plan): readonly Notice[] {
  if (queue.trusted || farm.untrustedSince === undefined) return [];
  const seconds = now - farm.untrustedSince;
  if (seconds < UNTRUSTED_SECONDS) return [];
  return [
    {
      key: 'untrusted',
      subject: `the queue status has not been trusted for ${Math.round(seconds / 60)} minutes`,
      text:
        `${queue.reason}\n\nUntil it is, nothing is drained or ended, and only floors are launched. ` +
        '{"doctor": true} says what to do.',
    },
  ];
}

function launchRate(config: Config, launched: readonly Launched[]): readonly Notice[] {
  const limit = config.launchesPerHour ?? Math.max(1, 2 * config.maxTotalMachines);
  const count = launched.reduce((sum, one) => sum + one.count, 0);
  if (count <= limit) return [];
  return [
    {
      key: 'launch rate',
      subject: `${count} machines launched within an hour`,
      text:
        `The limit is ${limit} (deploy.launchesPerHour). They may be dying young, which costs money for nothing: ` +
        'read in the journal why they ended. {"pause": {"everything": true}} stops it meanwhile.',
    },
  ];
}

/** What launches do not tell: machines that run and run. */
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
