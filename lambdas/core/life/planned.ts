/** The working form of a plan: each machine with what is seen of it, handed from stage to stage. */
import type { MachineType } from '../config/machine-type.ts';
import { pauseOf } from '../reason/orders.ts';
import type { Instance, Machine, MachineOrder, Observation, QueueMachine } from '../model/index.ts';
import { because, move } from './phases.ts';

/** One machine on its way through the stages of a plan. Stages return new ones; nothing is changed in place. */
export interface Planned {
  /** As it will be remembered. */
  readonly machine: Machine;
  /** Undefined when EC2 does not show it. */
  readonly instance: Instance | undefined;
  /** Undefined when the status is not trusted or does not show it. */
  readonly seen: QueueMachine | undefined;
  /** Undefined when its type is no longer configured. */
  readonly type: MachineType | undefined;
  /** What a person has ordered for it. */
  readonly order?: MachineOrder | undefined;
  readonly action?: 'start' | 'stop' | 'terminate';
  /** It is surplus, and cannot be drained before the queue runner has noticed its offer. */
  readonly isUnread?: true;
  /** It is surplus, and so worth keeping among the machines of its type: 1 for the most. */
  readonly rank?: number;
  /** It is stopped, and its type has more machines than it may have: the disk would be paid for nothing. */
  readonly isExcess?: true;
  /** It serves another queue runner than the one in force: whatever it answers, it is of no use. */
  readonly isForeign?: boolean;
}

/** Stands for the type of an instance that bears our tag but no type; no configuration can name it. */
export const UNTYPED = '(none)';

/** Begins to drain a machine: it is withdrawn with this plan. One that drains already goes on as it does. */
export function beginDrain(machine: Machine, reason: string, now: number): Machine {
  if (machine.phase !== 'draining')
    return { ...move(machine, 'drain', reason, now), drain: { since: now, reason } };
  return machine.drain === undefined
    ? { ...because(machine, reason), drain: { since: now, reason } }
    : machine;
}

/** Takes a draining machine back to work: it is offered again, and all evidence of the drain is void. */
export const takeBack = (machine: Machine, reason: string, now: number): Machine =>
  move(without(machine, 'drain', 'offered', 'seenOffered'), 'takeBack', reason, now);

/** A copy of `machine` without some optional fields; the same object when it has none of them. */
export function without(machine: Machine, ...fields: readonly OptionalField[]): Machine {
  if (fields.every((field) => machine[field] === undefined)) return machine;
  const kept = Object.entries(machine).filter(([field]) => !(fields as readonly string[]).includes(field));
  return Object.fromEntries(kept) as unknown as Machine;
}

type OptionalField =
  | 'drain'
  | 'offered'
  | 'seenOffered'
  | 'unknownToRunner'
  | 'shownAtWork'
  | 'surplusSince'
  | 'doubtedSince'
  | 'unreachableSince'
  | 'address'
  | 'identity'
  | 'missing'
  | 'starts'
  | 'runner'
  | 'goingDownSince'
  | 'untagged'
  | 'interrupted';

/** What the queue runner says of a machine's key, whichever machine had it: one not drained may be mistaken for it. */
export const isShownAtWork = ({ seen }: Pick<Planned, 'seen'>): boolean =>
  seen !== undefined && (seen.offered || seen.currentJobs > 0);

/** Whether a person has paused the type: nothing is begun that could not be taken back. */
export const isPaused = (
  { observation }: { readonly observation: Pick<Observation, 'state'> },
  type: string,
): boolean => pauseOf(observation.state.orders, type) !== undefined;

/** A machine that lost its tag is lost to the next search for our machines. A person's word keeps it all the same. */
export const isLeftToUs = ({ machine, order }: Pick<Planned, 'machine' | 'order'>): boolean =>
  machine.untagged === undefined || order?.kind === 'protect';

/** Whether this machine counts as capacity for its type: booting or ready, answering, and AWS and people leave it to us. */
export function isCapacity({ machine, instance, order, isForeign }: Planned): boolean {
  const working = isForeign !== true && (machine.phase === 'booting' || machine.phase === 'ready');
  const stays = order?.kind !== 'drain' && instance?.interrupted !== true && isLeftToUs({ machine, order });
  return working && machine.unreachableSince === undefined && stays;
}
