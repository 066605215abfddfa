/** Evaluations that bring nothing, or never end. */
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';

const MINUTE = 60;

/** Of a jobset that was evaluated before, if none of it runs. */
function evaluate({ stage, luck }: DisturbanceContext): Heal | false {
  const { evaluations } = stage.world;
  const { jobsets } = evaluations;
  const jobset = jobsets.length === 0 ? undefined : luck.pick(jobsets);
  if (jobset === undefined || !evaluations.begin(jobset)) return false;
  return () => {
    evaluations.end(jobset);
  };
}

export const evaluationDisturbances: readonly Disturbance[] = [
  { name: 'evaluation-in-vain', lasts: [MINUTE, 10 * MINUTE], begin: evaluate },
  { name: 'evaluation-endless', lasts: [60 * MINUTE, 300 * MINUTE], begin: evaluate },
];
