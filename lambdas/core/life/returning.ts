/** Whether a machine may begin to drain, and whether one that drains may be taken back to work. */
import { UNREACHABLE_SECONDS } from './boot.ts';
import { NOTICE_SECONDS } from './drain.ts';
import { isOfferable, isLeftToUs } from './planned.ts';
import type { Context, Planned } from './planned.ts';

/** Whether a machine that drains may be taken back to work: nothing is wrong with it (any more). */
export const canReturn = (planned: Planned): boolean =>
  isDrainingUnneeded(planned) && planned.machine.unreachableSince === undefined;

/** Whether it may be so once a fresh doubt is settled: until then a machine with paid time is not ended either. */
export const mayYetReturn = ({ observation }: Context, planned: Planned): boolean =>
  isDrainingUnneeded(planned) &&
  observation.now - (planned.machine.unreachableSince ?? observation.now) < UNREACHABLE_SECONDS;

/** It drains only for lack of demand: no person, notice of AWS, change of address or line it cannot have is behind it. */
const isDrainingUnneeded = ({ machine, instance, type, order }: Planned): boolean =>
  machine.phase === 'draining' &&
  order?.kind !== 'drain' &&
  isLeftToUs({ machine, order }) &&
  isOfferable(machine) &&
  type !== undefined &&
  instance?.state === 'running' &&
  !instance.interrupted &&
  (instance.address === undefined || instance.address === machine.address);

/**
 * The runner must have had time to read a machine's line before the line is taken out again: of a machine it never
 * showed, it could not be told whether it is drained or is about to be given work.
 */
export function mayDrain({ status, observation }: Context, { machine, seen }: Planned): boolean {
  if (machine.phase === 'draining' || machine.seenOffered !== undefined || seen !== undefined) return true;
  const listedSeconds =
    machine.offered === undefined
      ? observation.now - machine.phaseSince
      : (status?.at ?? 0) - machine.offered.hostAt;
  return listedSeconds >= NOTICE_SECONDS;
}
