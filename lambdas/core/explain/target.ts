/** The sum by which a target wait counts, term by term. */
import { keptSeconds, worthOfBoot } from '../capacity/gaps.ts';
import type { TypeDemand } from '../capacity/demand.ts';
import type { Target } from '../capacity/target-wait.ts';
import { count } from '../text/count.ts';
import { spanInWords } from './explanation.ts';

/** Nothing of types that count as hydra-provisioner did, or while the queue is not known. */
export const targetInWords = ({ type, runnable, target }: TypeDemand): readonly string[] =>
  target === undefined
    ? []
    : [
        learnt(target),
        aim(type.targetWaitSeconds ?? target.withinSeconds, target),
        ...(runnable === 0 ? [] : [sum(runnable, type.maxJobs, target)]),
        ...(type.billing === 'per-second' ? [kept(type, target)] : []),
      ];

function learnt({ pace: { learnt: known } }: Target): string {
  const { mean, steps } = known;
  const by =
    steps === 0
      ? 'remembered, or assumed while nothing is known'
      : `by ${count(steps, 'step')} that its machines have done`;
  return `a step takes some ${mean} s: ${by}`;
}

function aim(targetSeconds: number, { pace, withinSeconds }: Target): string {
  const aimed = `targetWait is ${targetSeconds} s`;
  return withinSeconds === targetSeconds
    ? `${aimed}: so long a step may expect to wait`
    : `${aimed}; after ${spanInWords(pace.waited)} of waiting ${Math.round(withinSeconds)} s are aimed at`;
}

function sum(runnable: number, maxJobs: number, { pace, withinSeconds, need, wanted }: Target): string {
  const { learnt: known, running } = pace;
  const steps = running === 0 ? `${runnable}` : `(${runnable} + half of ${running} that run)`;
  return (
    `${steps} × ${known.mean} s ÷ ${count(maxJobs, 'slot')} ÷ ${Math.round(withinSeconds)} s want ${count(wanted, 'machine')}; ` +
    `all steps at once would fill ${need}`
  );
}

/** Ranks that are told, as far as there may be machines. */
const RANKS = [1, 2, 4, 8, 16] as const;

function kept(type: TypeDemand['type'], target: Target): string {
  const worth = worthOfBoot(type, target);
  const ranks = RANKS.filter((rank) => rank <= type.maxMachines);
  const told = ranks.map((rank) => `machine ${rank} for ${keptSeconds(target.pace.gaps, rank, worth)} s`);
  return `of machines that are not needed stay: ${told.join(', ')} (learnt from how soon so many were needed again)`;
}
