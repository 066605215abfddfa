/** Stopped machines: which of them are not worth their disks, which AWS bills day and night. */
import type { MachineType } from '../config/machine-type.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import * as words from '../reason/words/index.ts';
import { UNDONE_STARTS_MAX } from './scale-out.ts';
import { isAlive } from './taken.ts';
import type { ScaleOut } from './scale-out.ts';

const DAY_SECONDS = 86_400;
/** A machine stopped for this long costs more for its disk than its next boot is worth, and its image is old. */
const STOPPED_SECONDS_MAX = 30 * DAY_SECONDS;

/** Stopped machines of a type beyond `maxMachines`, all there are counted: the longest stopped go. Their disks cost day and night. */
export function excessStopped(
  { maxMachines }: MachineType,
  { machines, launch }: ScaleOut,
  requested: number,
  now: number,
): ReadonlySet<Planned> {
  const stopped = machines.filter(
    ({ machine, action, order }) =>
      machine.phase === 'stopped' && action !== 'start' && order?.kind !== 'protect',
  );
  const others = machines.filter((planned) => !stopped.includes(planned) && isAlive(planned, now)).length;
  const excess = others + requested + (launch?.count ?? 0) + stopped.length - maxMachines;
  const longestFirst = stopped.toSorted((a, b) => a.machine.phaseSince - b.machine.phaseSince);
  return new Set(longestFirst.slice(0, Math.max(0, excess)));
}

/** Why a stopped machine is of no use at all, however its type is configured; undefined where it is. */
export function whyUseless({ machine, order }: Planned): string | undefined {
  if (order?.kind === 'protect') return undefined;
  if ((machine.starts?.undone ?? 0) >= UNDONE_STARTS_MAX)
    return words.startsUndone(UNDONE_STARTS_MAX, machine.reason);
  return machine.untagged === undefined ? undefined : words.untagged;
}

/** Why a stopped machine is not worth its disk any longer; undefined while its type keeps it. */
export function whyNotKept(
  { observation }: Context,
  { machine, isExcess, type }: Planned,
): string | undefined {
  if (type === undefined) return words.typeUnconfigured;
  if (!type.stopOnIdle) return words.typeKeepsNone;
  if (isExcess === true) return words.excessStopped(machine.type, type.maxMachines);
  return observation.now - machine.phaseSince >= STOPPED_SECONDS_MAX
    ? words.stoppedUnneeded(STOPPED_SECONDS_MAX / DAY_SECONDS)
    : undefined;
}
