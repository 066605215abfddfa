/** How much faster steps are on a machine that has little to do: what packing costs where it is much. */
import type { MachineType } from '../config/machine-type.ts';
import type { Planned } from '../life/planned.ts';
import { about, doubtful, good } from './finding.ts';
import type { Examined, Finding, Said } from './finding.ts';

/** Of the slots: up to here a machine has little to do, and from there on it is full. */
const LITTLE = 0.4;
const FULL = 0.8;
/** More than all slots for all the time: a predecessor under the same key has done some of it. */
const IMPOSSIBLE = 1.05;
/** Steps of either group; fewer say nothing. */
const STEPS_MIN = 100;
const MACHINES_MIN = 3;
/**
 * Where a step alone is so many times as fast as one of many, packed machines cost more than even ones
 * (measured: docs/develop/facts.md#what-packing-saves).
 */
const NOT_WORTH_IT = 2.3;

/** Nothing of types with one slot, or whose machines have not done enough. */
export const examineLoad = ({ config, plan, observation }: Examined): readonly Finding[] => {
  const { queue } = observation;
  if (!queue.trusted) return [];
  return config.machineTypes.flatMap((type) => {
    const done = plan.planned
      .filter(({ machine }) => machine.type === type.key)
      .flatMap((planned) => doneBy(planned, queue.at));
    return about(`load of ${type.key}`, compared(type, done));
  });
};

/** What one machine has done since it was offered. */
interface Done {
  readonly steps: number;
  readonly seconds: number;
  /** Steps at once, on average; less where it was idle at times. */
  readonly load: number;
}

function doneBy({ machine, seen }: Planned, at: number): readonly Done[] {
  if (machine.offered === undefined || seen?.done === undefined) return [];
  const { steps, seconds } = seen.done;
  return [{ steps, seconds, load: seconds / Math.max(1, at - machine.offered.hostAt) }];
}

/** Idle time makes a full machine look less so, and the difference smaller: what is told is the least of it. */
function compared(type: MachineType, all: readonly Done[]): Said | undefined {
  const { maxJobs, placement } = type;
  const known = all.filter(({ load }) => load <= maxJobs * IMPOSSIBLE);
  const alone = together(known.filter(({ load }) => load <= Math.max(1, LITTLE * maxJobs)));
  const full = together(known.filter(({ load }) => load >= FULL * maxJobs));
  if (maxJobs < 2 || alone === undefined || full === undefined) return undefined;
  const times = full / alone;
  const says = `steps took ${Math.round(full)} s on full machines and ${Math.round(alone)} s on those with little to do: ${times.toFixed(1)} times as long`;
  if (placement === 'spread' || times < NOT_WORTH_IT) return good(says);
  return doubtful(
    `${says}, so that packing them costs more machine hours than it saves`,
    `set "placement" of ${type.key} to "spread", lower its maxJobs, or take smaller instance types`,
  );
}

/** Seconds of a step on average; undefined where too few are known. */
function together(done: readonly Done[]): number | undefined {
  const steps = done.reduce((sum, one) => sum + one.steps, 0);
  if (done.length < MACHINES_MIN || steps < STEPS_MIN) return undefined;
  return done.reduce((sum, { seconds }) => sum + seconds, 0) / steps;
}
