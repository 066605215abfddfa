/** Tells what a round found and did, and whether another one is of any use before the next tick. */
import { metricsOf } from '../core/account/metrics.ts';
import { summarise } from '../core/account/summary.ts';
import type { Acted, Announced, Decided, Round } from './round.ts';

export interface RoundLeft {
  /** There is no use in another round before the next tick. */
  readonly settled: boolean;
  /** A machine that a person sent away only waits for another. */
  readonly isAwaited: boolean;
}

/** A round whose plan was not carried out: what there is stays as it was. */
export function reportPlanOnly(
  { config, log }: Round,
  { observation, plan, violations }: Decided,
): RoundLeft {
  const planned = { machines: plan.machines, refused: 0, violations };
  log.round(
    summarise(config, { observation, plan, standing: observation.state, violations }),
    metricsOf(config, observation, plan, planned),
    plan.decisions,
  );
  return { settled: true, isAwaited: false };
}

/** A round whose plan was carried out. */
export function report(
  { config, log }: Round,
  { observation, plan }: Decided,
  { outcome }: Acted,
  { machines, isPublished }: Announced,
): RoundLeft {
  const launches = plan.launches.filter(({ id }) => !outcome.answeredLaunches.includes(id));
  const end = { machines, refused: outcome.refused, violations: [] };
  log.round(
    summarise(config, { observation, plan, standing: { machines, launches }, violations: [] }),
    metricsOf(config, observation, plan, end),
    plan.decisions,
  );
  // What was held back because the file could not be written need not wait for the next tick now that it was.
  const isFreed = observation.state.farm.unpublished !== undefined && isPublished;
  return { settled: plan.settled && !isFreed, isAwaited: plan.isAwaited };
}
