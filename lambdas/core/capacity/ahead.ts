/**
 * Machines for builds that are not queued yet: an evaluation takes minutes, and what its jobset usually brings is known.
 * What each jobset's evaluations came to is counted, so that those which bring nothing are not believed for long.
 */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { Evaluation, Harvest, Jobset, Notice, Observation } from '../model/index.ts';
import type { Pace } from './target-wait.ts';

/** Of fewer evaluations that brought builds nothing is concluded. */
const HARVESTS_TO_KNOW = 2;
/** Machines are asked for so long, in seconds, before the boot would have to begin: between two looks. */
const EARLY_SECONDS = 30;
/** What has lasted longer than the longest by this factor, and a minute, is not waited for any more. */
const LATE_FACTOR = 2;
const LATE_SECONDS = 60;
/** For so long after an evaluation has ended, in seconds, the queue runner may not have read its builds. */
export const READ_SECONDS = 60;
/** From this share of evaluations that bring builds on they are believed: a machine that comes for nothing costs minutes. */
const LIKELY = 0.5;
/** Where more is known of a jobset, it counts half: what was learnt is to be unlearnt. */
const ENDED_MAX = 20;
/** The farm's record has its bounds: the jobsets that were not evaluated for the longest time are forgotten. */
export const JOBSETS_MAX = 50;

/** What an evaluation may bring to one machine type, and what speaks against launching for it. */
export interface Prospect {
  readonly jobset: string;
  /** Builds that its last evaluations brought, at least every other time, and that are not queued yet. */
  readonly builds: number;
  /** By what came of the evaluations before, from 0 to 1. */
  readonly share: number;
  /** Over where it has ended, and the queue runner may not know its builds yet. */
  readonly state: 'likely' | 'over' | 'unlikely' | 'early' | 'late';
  /** When machines are to be launched, by the host's clock; absent where that is over. */
  readonly dueAt?: number;
}

/** The type that steps of a kind count for. */
export type TypeOf = (kind: Harvest['kinds'][number]) => MachineType | undefined;

/** By the keys of types that work by a target wait, what is to be expected. */
export function prospectsOf(
  { launchAhead }: Config,
  { notice, state: { farm } }: Pick<Observation, 'notice' | 'state'>,
  paces: ReadonlyMap<string, Pace>,
  typeOf: TypeOf,
): ReadonlyMap<string, readonly Prospect[]> {
  if (!launchAhead || notice === undefined) return new Map();
  const found = notice.evaluations.flatMap((evaluation) => {
    const known = farm.jobsets?.find(({ jobset }) => jobset === evaluation.jobset);
    return [...usualBuilds(evaluation, typeOf)].flatMap(([type, builds]) => {
      const pace = paces.get(type.key);
      // By the hour it costs a whole one, and another if it is kept over the turn: no share is worth that.
      if (pace === undefined || builds === 0 || type.billing === 'hourly') return [];
      const prospect = prospectOf({ evaluation, at: notice.at, known, pace }, builds);
      return prospect === undefined ? [] : [{ key: type.key, prospect }];
    });
  });
  return new Map(
    [...Map.groupBy(found, ({ key }) => key)].map(([key, all]) => [key, all.map((one) => one.prospect)]),
  );
}

interface Considered {
  readonly evaluation: Evaluation;
  readonly at: number;
  readonly known: Jobset | undefined;
  readonly pace: Pace;
}

function prospectOf({ evaluation, at, known, pace }: Considered, builds: number): Prospect | undefined {
  const { jobset, since } = evaluation;
  const share = shareOf(known);
  const isBelieved = share >= LIKELY;
  if (since === undefined) return isBelieved ? { jobset, builds, share, state: 'over' } : undefined;
  const lengths = pastOf(evaluation).map(({ seconds }) => seconds);
  const dueAt = since + Math.min(...lengths) - pace.bootSeconds - EARLY_SECONDS;
  if (at - since > LATE_FACTOR * Math.max(...lengths) + LATE_SECONDS)
    return { jobset, builds, share, state: 'late' };
  const state = !isBelieved ? 'unlikely' : at < dueAt ? 'early' : 'likely';
  return { jobset, builds, share, state, dueAt };
}

/** One who has seen nothing takes even odds. */
const shareOf = (known: Jobset | undefined): number =>
  ((known?.fruitful ?? 0) + 1) / ((known?.ended ?? 0) + 2);

/** Whether anything is expected of it. */
export const isLikely = (known: Jobset): boolean => shareOf(known) >= LIKELY;

/** What evaluations before the one that runs, or has just ended, brought. */
function pastOf(evaluation: Evaluation): readonly Harvest[] {
  const own = ownOf(evaluation);
  return evaluation.harvests.filter((harvest) => harvest !== own);
}

function ownOf({ since, endedAt, harvests }: Evaluation): Harvest | undefined {
  const [last] = harvests;
  if (last === undefined) return undefined;
  // By the host's clock it began before its builds were queued, whichever of its ends is noted there.
  const begun = since ?? (endedAt === undefined ? Infinity : endedAt - last.seconds - READ_SECONDS);
  return last.at >= begun ? last : undefined;
}

/** Of one that runs, what is usual, without what it has brought by now; of one that has ended, what it brought. */
function usualBuilds(evaluation: Evaluation, typeOf: TypeOf): ReadonlyMap<MachineType, number> {
  const past = pastOf(evaluation);
  if (past.length < HARVESTS_TO_KNOW) return new Map();
  const own = ownOf(evaluation);
  const brought = own === undefined ? new Map<MachineType, number>() : buildsIn(own, typeOf);
  if (evaluation.since === undefined) return brought;
  const each = past.map((harvest) => buildsIn(harvest, typeOf));
  const types = new Set(each.flatMap((builds) => [...builds.keys()]));
  return new Map(
    [...types].map((type) => {
      const counts = each.map((builds) => builds.get(type) ?? 0).toSorted((a, b) => a - b);
      const usual = counts[Math.floor((counts.length - 1) / 2)] ?? 0;
      return [type, Math.max(0, usual - (brought.get(type) ?? 0))];
    }),
  );
}

function buildsIn({ kinds }: Harvest, typeOf: TypeOf): Map<MachineType, number> {
  const builds = new Map<MachineType, number>();
  for (const kind of kinds) {
    const type = typeOf(kind);
    if (type !== undefined) builds.set(type, (builds.get(type) ?? 0) + kind.builds);
  }
  return builds;
}

/** Builds to be counted on, beside those that run already; an evaluation that is over has queued what it brought. */
export interface Expected {
  readonly coming: number;
  readonly queued: number;
  readonly jobsets: readonly string[];
}

/** @returns undefined where nothing is. */
export function expectedOf(prospects: readonly Prospect[] = []): Expected | undefined {
  const counted = prospects.filter(({ state }) => state === 'likely' || state === 'over');
  if (counted.length === 0) return undefined;
  const sum = (wanted: Prospect['state']): number =>
    counted.reduce((all, { state, builds }) => all + (state === wanted ? builds : 0), 0);
  return { coming: sum('likely'), queued: sum('over'), jobsets: counted.map(({ jobset }) => jobset) };
}

/** The jobsets as they are to be remembered. @param prospects of all types. */
export function jobsetsAfter(
  before: readonly Jobset[],
  notice: Notice,
  prospects: readonly Prospect[],
): readonly Jobset[] {
  const due = new Set(
    prospects.filter(({ dueAt }) => dueAt !== undefined && dueAt <= notice.at).map(({ jobset }) => jobset),
  );
  const told = notice.evaluations.flatMap((evaluation) => {
    const known = before.find(({ jobset }) => jobset === evaluation.jobset);
    const settled = known === undefined ? undefined : afterEnd(known, evaluation, notice.at);
    if (evaluation.since === undefined || !due.has(evaluation.jobset)) return settled ?? [];
    const { jobset, since } = evaluation;
    return [{ ...(settled ?? { ended: 0, fruitful: 0 }), jobset, since }];
  });
  const names = new Set(told.map(({ jobset }) => jobset));
  return [...told, ...before.filter(({ jobset }) => !names.has(jobset))].slice(0, JOBSETS_MAX);
}

/** What came of the evaluation that is remembered, once another one runs, or none does. */
function afterEnd(known: Jobset, { since, harvests }: Evaluation, at: number): Jobset {
  const { since: noted, ...jobset } = known;
  if (noted === undefined || noted === since || noted > at) return known;
  const isFruitful = harvests.some(({ at: queuedAt, kinds }) => queuedAt >= noted && kinds.length > 0);
  const [ended, fruitful] = [jobset.ended + 1, jobset.fruitful + Number(isFruitful)];
  const part = ended > ENDED_MAX ? 2 : 1;
  return { ...jobset, ended: Math.floor(ended / part), fruitful: Math.floor(fruitful / part) };
}
