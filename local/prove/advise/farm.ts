/** Somebody's farm, as it is set and as it is played. */
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { typeFor } from '../../../lambdas/core/capacity/covering.ts';
import { ANCESTORS_KNOBS, policyOf } from '../../../lambdas/core/config/policy.ts';
import type { WrittenPolicy } from '../../../lambdas/core/config/policy.ts';
import type { Arrival, Workload } from '../../world/workload.ts';
import type { Written } from '../bench/policy/settings.ts';

/** A farm as it is set today, as people write it. */
export interface Farm {
  readonly types: Readonly<Record<string, Written>>;
  /** What stands beside the types and matters here: the schedule, the watch, the caps. */
  readonly besides: Written;
}

const HOST = 'i-0123456789abcdef0';
/** What is about a place in an account, about builders that are not here, or by the calendar. */
const LEFT_OUT = new Set(
  'subnets image launchTemplate instanceTypes instanceRequirements dollarsPerHour publicHostKey sshKey market warm ignoredRunnables'.split(
    ' ',
  ),
);

/** The farm with these settings of its types, as it can be played: no place in it matters, and no builder but ours. */
export const playedFarm = ({ besides }: Farm, types: ReadonlyMap<string, Written>): Written => ({
  ...besides,
  tag: 'advise',
  host: { instanceId: HOST },
  systemTypes: Object.fromEntries([...types].map(([key, type]) => [key, playedType(type)])),
});

function playedType(type: Written): Written {
  const kept = Object.fromEntries(Object.entries(type).filter(([name]) => !LEFT_OUT.has(name)));
  // Whoever names but what is left to other builders means the old arithmetic all the same.
  if (!ANCESTORS_KNOBS.some((knob) => knob in type)) return kept;
  const { runnablesPerMachine } = policyOf(type as WrittenPolicy);
  return { ...kept, runnablesPerMachine };
}

/** What stands in a farm and does not count when it is played, in sentences. */
export function unplayed({ types }: Farm): readonly string[] {
  const has = (name: string): boolean => Object.values(types).some((type) => name in type);
  return [
    ...(has('warm') ? ['what warm times cost and spare: they are left out'] : []),
    ...(has('ignoredRunnables') ? ['what static builders do (ignoredRunnables): every step is played'] : []),
  ];
}

export interface Covered {
  readonly workload: Workload;
  /** Steps that each type takes, by its key; types without any are left out. */
  readonly steps: ReadonlyMap<string, number>;
  /** Steps that no type takes. */
  readonly uncovered: number;
}

/** What of a workload the farm's types take. @throws ConfigError for a farm that cannot be. */
export function coveredBy(farm: Farm, workload: Workload): Covered {
  const { machineTypes } = checkConfig('the farm', playedFarm(farm, new Map(Object.entries(farm.types))));
  const keyOf = ({ system, features }: Arrival): string | undefined =>
    typeFor(machineTypes, { key: system, system, features }, undefined)?.key;
  const steps = new Map<string, number>();
  let uncovered = 0;
  const covered = workload.filter((arrival) => {
    const { length } = arrival.durationsSeconds;
    const key = keyOf(arrival);
    if (key === undefined) uncovered += length;
    else steps.set(key, (steps.get(key) ?? 0) + length);
    return key !== undefined;
  });
  return { workload: covered, steps, uncovered };
}
