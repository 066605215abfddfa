/** How many machines clear the queue within the wanted time, by what steps take: one dial instead of a number of steps. */
import type { MachineType } from '../config/machine-type.ts';
import type { Planned } from '../life/planned.ts';
import { isCapacity } from '../life/planned.ts';
import type { EpochSeconds, Farm, Gaps } from '../model/index.ts';
import { learntOf } from './durations.ts';
import type { Learnt } from './durations.ts';

/** Of a running step so much is left on average. */
const LEFT_OF_RUNNING = 0.5;
/** Each second of waiting takes this much off the target: it bounds the longest wait, and rights a wrong mean. */
const IMPATIENCE = 0.5;
/** Never less is aimed at, in seconds: a boot takes longer. */
const SHORTEST_SECONDS = 60;

/** What is known of a type that works by a target wait, beside the steps that wait. */
export interface Pace {
  readonly learnt: Learnt;
  /** Steps that run on its machines, but for those that drain. */
  readonly running: number;
  /** For how long its steps have waited without a free slot, in seconds. */
  readonly waited: number;
  /** What a machine takes from its start until it is ready, in seconds. */
  readonly bootSeconds: number;
  /** Absent until it has been seen once. */
  readonly gaps?: Gaps;
}

/** The dial's sum for one type. */
export interface Target {
  readonly pace: Pace;
  /** What is aimed at by now, in seconds. */
  readonly withinSeconds: number;
  /** Machines that all steps together fill: more would stand idle. */
  readonly need: number;
  /** Machines that clear the queue in time; never more than `need`. */
  readonly wanted: number;
}

/** @param runnable steps that wait for the type. */
export function targetOf(
  { maxJobs }: MachineType,
  targetSeconds: number,
  runnable: number,
  pace: Pace,
): Target {
  const { learnt, running, waited } = pace;
  const withinSeconds = Math.max(SHORTEST_SECONDS, targetSeconds - IMPATIENCE * waited);
  const need = Math.ceil((runnable + running) / maxJobs);
  const work = (runnable + LEFT_OF_RUNNING * running) * learnt.mean;
  const wanted = runnable === 0 ? 0 : Math.min(need, Math.ceil(work / (maxJobs * withinSeconds)));
  return { pace, withinSeconds, need, wanted };
}

/** The pace of every type that works by a target wait, by its key. */
export function pacesOf(
  types: readonly MachineType[],
  { farm, now }: { readonly farm: Farm; readonly now: EpochSeconds },
  machines: readonly Planned[],
): ReadonlyMap<string, Pace> {
  const dialled = types.filter(({ targetWaitSeconds }) => targetWaitSeconds !== undefined);
  return new Map(
    dialled.map(({ key }): [string, Pace] => {
      const ofType = machines.filter(({ machine }) => machine.type === key);
      const gaps = farm.gaps?.find(({ type }) => type === key);
      const since = farm.waiting?.find(({ type }) => type === key)?.since ?? now;
      return [
        key,
        {
          learnt: learntOf(farm, key, ofType),
          running: ofType.filter(isCapacity).reduce((sum, { seen }) => sum + (seen?.currentJobs ?? 0), 0),
          waited: Math.max(0, now - since),
          bootSeconds: bootOf(ofType),
          ...(gaps === undefined ? {} : { gaps }),
        },
      ];
    }),
  );
}

/** In seconds, before any has been seen. */
const BOOT_SECONDS = 120;
/** What took longer had another reason, or went back to work after a drain. */
const BOOT_SECONDS_MAX = 600;

/** Of the machines there are, the fastest: one that went back to work after a drain seems to have booted for hours. */
function bootOf(machines: readonly Planned[]): number {
  const boots = machines.flatMap(({ machine: { phase, phaseSince, startedAt } }) =>
    phase === 'ready' && startedAt !== undefined ? [phaseSince - startedAt] : [],
  );
  const likely = boots.filter((seconds) => seconds > 0 && seconds <= BOOT_SECONDS_MAX);
  return likely.length === 0 ? BOOT_SECONDS : Math.min(...likely);
}
