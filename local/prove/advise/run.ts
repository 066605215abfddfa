/** One run of the advice: a history with a farm as it could be set. */
import { billingOf } from '../../../lambdas/core/config/policy.ts';
import type { Workload } from '../../world/workload.ts';
import { playTrace } from '../bench/policy/play-trace.ts';
import { scoreOf } from '../bench/policy/score.ts';
import type { Score } from '../bench/policy/score.ts';
import type { Written } from '../bench/policy/settings.ts';

export interface FarmRun {
  /** What to call it where it fails. */
  readonly name: string;
  readonly workload: Workload;
  /** The whole configuration, as people write it. */
  readonly farm: Written;
  readonly bootSeconds: number;
}

export interface FarmScores {
  /** By the keys of the machine types; those without a step are left out. */
  readonly types: ReadonlyMap<string, Score>;
  /** Rules broken, in words. */
  readonly violations: readonly string[];
}

/** The schedule has announced the farm by then, in seconds. */
const LEAD_SECONDS = 120;

/** Hours are those that AWS charges for, whatever `billing` says. */
export async function playFarm({ workload, farm, bootSeconds }: FarmRun): Promise<FarmScores> {
  const { types, violations } = await playTrace({ workload, farm, bootSeconds, leadSeconds: LEAD_SECONDS });
  const worked = [...types].filter(([, { waits }]) => waits.length > 0);
  return {
    types: new Map(
      worked.map(([key, played]) => [
        key,
        scoreOf(played, billingOf({ billing: 'auto' }, systemsIn(key)).billing),
      ]),
    ),
    violations,
  };
}

const systemsIn = (key: string): readonly string[] => key.replace(/:.*/, '').split(',');
