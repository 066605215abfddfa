/** What a look at the simulated host tells of evaluations. */
import type { EpochSeconds, Notice } from '../../../lambdas/core/model/index.ts';
import type { World } from '../world.ts';

/** Nothing where nobody launches ahead, or the database does not answer. */
export function noticeAt({ config, runner, evaluations }: World, hostNow: EpochSeconds): Notice | undefined {
  const isAsked = config.machineTypes.some(({ targetWaitSeconds }) => targetWaitSeconds !== undefined);
  return config.launchAhead && isAsked && runner.database.reachable ? evaluations.notice(hostNow) : undefined;
}
