/** Why the machines of a type are there: of those beyond what it is allowed, what keeps each of them. */
import type { Phase } from '../model/index.ts';
import { tally } from '../text/count.ts';
import { orderInWords } from '../reason/orders.ts';
import { drainWaitsFor, isDrained } from '../life/drain.ts';
import { isPaused } from '../life/planned.ts';
import type { Planned } from '../life/planned.ts';
import { verdictOn } from './explanation.ts';
import type { Grounds } from './explanation.ts';

/** A machine as it is, and as the plan has it. */
export interface MachineOfType {
  readonly phase: Phase | 'unrecorded';
  readonly planned: Planned;
}

/** Every machine of the type that is remembered, or that EC2 shows and the plan would take note of. */
export function machinesOf({ observation, plan }: Grounds, key: string): readonly MachineOfType[] {
  const before = new Map(observation.state.machines.map(({ instanceId, phase }) => [instanceId, phase]));
  return plan.planned
    .filter(({ machine }) => machine.type === key)
    .map((planned) => ({ phase: before.get(planned.machine.instanceId) ?? 'unrecorded', planned }));
}

/** One line per reason, with how many machines it holds for; the most frequent first. */
export function whyThere(grounds: Grounds, machines: readonly MachineOfType[]): readonly string[] {
  const whys = machines.map((machine) => `${machine.phase}: ${whyOf(grounds, machine)}`);
  return [...tally(whys)].toSorted(([, a], [, b]) => b - a).map(([why, count]) => `${count} ${why}`);
}

function whyOf(grounds: Grounds, { phase, planned }: MachineOfType): string {
  const { machine } = planned;
  const verdict = verdictOn(grounds, machine.instanceId);
  const next = verdict === phase ? '' : `next: ${verdict}: `;
  if (machine.phase === 'draining') return `${next}${whileDraining(grounds, planned)}`;
  if (machine.phase === 'ready') return `${next}${whileReady(grounds, planned)}`;
  const isNeedless = machine.phase === 'booting' && machine.surplusSince !== undefined;
  return `${next}${machine.reason}${isNeedless ? ', and not needed any more' : ''}`;
}

function whileReady({ observation }: Grounds, planned: Planned): string {
  const { machine, seen, order } = planned;
  if (order?.kind === 'protect') return orderInWords(order, observation.now);
  if (order?.kind === 'drain') return `to be ${orderInWords(order, observation.now)}`;
  if (isPaused({ observation }, machine.type)) return 'left as it is while its type is paused';
  if (machine.unreachableSince !== undefined) return 'there is doubt that it answers';
  if (!observation.queue.trusted) return 'nothing is ended while the queue status is not trusted';
  const isAtWork = (seen?.currentJobs ?? 0) > 0;
  if (machine.surplusSince !== undefined)
    return isAtWork ? 'at work, and not needed beyond that' : whileSurplus(planned);
  return isAtWork ? 'at work' : 'idle, and within what is allowed';
}

const whileSurplus = ({ machine, isUnread }: Planned): string =>
  isUnread === undefined
    ? machine.reason
    : 'not needed, but it can only be drained once the queue runner has noticed its offer';

function whileDraining({ plan: { context } }: Grounds, planned: Planned): string {
  if (isDrained(context, planned)) return 'drained, with paid time left';
  const isAtWork =
    planned.machine.drain?.knownWithdrawn !== undefined && (planned.seen?.currentJobs ?? 0) > 0;
  return `waits for ${isAtWork ? 'its running steps' : drainWaitsFor(context.dialect, planned)}`;
}
