/** What has run in the last day, counted at every look: counting launches does not show money spent evenly. */
import type { Config } from '../config/config.ts';
import type { Instance, MachineHour, Observation } from '../model/index.ts';
import { sums } from '../text/count.ts';

/** What a type's machines ran for. */
export interface TypeHours {
  readonly type: string;
  readonly hours: number;
  /** How many of them run now. */
  readonly running: number;
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** An instance of ours that somebody made by hand. */
const NO_TYPE = 'made by hand';
/** Types counted apart in one hour, those that ran longest; the farm's record has to stay small whatever the tags say. */
const TYPES_OF_HOUR_MAX = 10;
const OTHERS = 'other types';

/**
 * The last day's hours with what has run since the last look, of the machines that run now: one that ended in between is
 * counted up to the look before. Hours are those of the clock; what AWS bills beyond (a begun hour, a minute at least) is not in it.
 * Empty where no limit asks for it.
 */
export function machineHours(config: Config, { now, state, instances }: Observation): readonly MachineHour[] {
  if (config.machineHoursPerDay === undefined) return [];
  const { machineHours: before = [], lastTickAt = now } = state.farm;
  const since = Math.max(lastTickAt, now - DAY_SECONDS);
  const hour = now - (now % HOUR_SECONDS);
  const kept = before.filter(({ at }) => at !== hour && at + HOUR_SECONDS > now - DAY_SECONDS);
  const seconds = { ...before.find(({ at }) => at === hour)?.seconds };
  for (const instance of instances.filter(isRunning)) {
    const type = typeOf(instance);
    const ran = Math.max(0, now - Math.max(since, instance.startedAt ?? since));
    seconds[type] = (seconds[type] ?? 0) + ran;
  }
  return Object.keys(seconds).length === 0 ? kept : [...kept, { at: hour, seconds: ofMost(seconds) }];
}

function ofMost(seconds: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const ranked = Object.entries(seconds)
    .filter(([type]) => type !== OTHERS)
    .toSorted(([, a], [, b]) => b - a);
  const [most, others] = [ranked.slice(0, TYPES_OF_HOUR_MAX), ranked.slice(TYPES_OF_HOUR_MAX)];
  const sum = others.reduce((all, [, ran]) => all + ran, seconds[OTHERS] ?? 0);
  return Object.fromEntries(sum === 0 ? most : [...most, [OTHERS, sum]]);
}

/** By type, those that ran longest first; of the hour that has begun to leave the day, what is left of it. */
export function lastDay(
  hours: readonly MachineHour[],
  { now, instances }: Observation,
): readonly TypeHours[] {
  const ran = hours.flatMap(({ at, seconds }) => {
    const inside = Math.min(1, (at + HOUR_SECONDS - (now - DAY_SECONDS)) / HOUR_SECONDS);
    return Object.entries(seconds).map(([type, all]) => [type, (all * inside) / HOUR_SECONDS] as const);
  });
  const running = Map.groupBy(instances.filter(isRunning), typeOf);
  return [...sums(ran)]
    .map(([type, sum]) => ({ type, hours: sum, running: running.get(type)?.length ?? 0 }))
    .toSorted((a, b) => b.hours - a.hours);
}

const isRunning = ({ state }: Instance): boolean => state === 'running';

const typeOf = ({ type = NO_TYPE }: Instance): string => type;
