/** Whether a machine may begin to drain, and whether one that drains may be taken back to work. */
import { UNREACHABLE_SECONDS } from './boot.ts';
import type { Dialect } from './dialect.ts';
import { isLeftToUs } from './planned.ts';
import type { Context } from './context.ts';
import type { Planned } from './planned.ts';

/** Whether a machine that drains may be taken back to work: nothing is wrong with it (any more). */
export const canReturn = (context: Context, planned: Planned): boolean =>
  isDrainingUnneeded(context, planned) && planned.machine.unreachableSince === undefined;

/** Whether it may be so once a fresh doubt is settled: until then a machine with paid time is not ended either. */
export const mayYetReturn = (context: Context, planned: Planned): boolean =>
  isDrainingUnneeded(context, planned) &&
  context.observation.now - (planned.machine.unreachableSince ?? context.observation.now) <
    UNREACHABLE_SECONDS;

/**
 * It drains only for lack of demand: no person, notice of AWS, change of its key or lack of what an offer needs is behind
 * it, and AWS was not asked to end it.
 */
const isDrainingUnneeded = ({ dialect }: Context, planned: Planned): boolean =>
  planned.machine.phase === 'draining' && planned.isForeign !== true && isUnblamed(dialect, planned);

const isUnblamed = (dialect: Dialect, { machine, instance, type, order }: Planned): boolean =>
  order?.kind !== 'drain' &&
  machine.drain?.endAsked === undefined &&
  isLeftToUs({ machine, order }) &&
  dialect.lackOf(machine) === undefined &&
  type !== undefined &&
  instance?.state === 'running' &&
  !instance.interrupted &&
  [undefined, dialect.keyOf(machine)].includes(dialect.keyOf(instance));

/**
 * The runner must have had time to notice a machine's offer before it is withdrawn again: of a machine it never showed, it could not be told whether it is drained or is about to be given work.
 */
export function mayDrain({ status, observation, dialect }: Context, { machine, seen }: Planned): boolean {
  if (machine.phase === 'draining' || machine.seenOffered !== undefined || seen !== undefined) return true;
  const offeredSeconds =
    machine.offered === undefined
      ? observation.now - machine.phaseSince
      : (status?.at ?? 0) - machine.offered.hostAt;
  return offeredSeconds >= dialect.noticeSeconds;
}
