/** What is remembered of offers and withdrawals, once they were verified or seen. */
import type { Farm, Machine, Observation, Sighting } from '../model/index.ts';
import type { Context } from './context.ts';
import type { VerifiedOffer } from './dialect.ts';
import { without } from './planned.ts';
import type { Planned } from './planned.ts';

/**
 * Whether this farm has ever offered a machine. Records did not say so before what is offered named its farm, so one
 * without that note, of a farm that has ticked, is of that time. Of a farm that has never offered any, what stands there
 * is another's.
 */
export const hasEverOffered = ({ hasOffered, lastTickAt }: Farm): boolean =>
  hasOffered ?? lastTickAt !== undefined;

/**
 * Whether something else is offered than we offered last: a person did that, or an older call of ours that ran once more.
 * The queue runner may have taken from it that it can use a machine, so none is known to be withdrawn.
 */
export const isOfferReplaced = ({ offer, state: { farm } }: Observation): boolean =>
  offer !== undefined && farm.offeredDigest !== undefined && offer.digest !== farm.offeredDigest;

/**
 * To offer a machine again that somebody else has withdrawn is to offer it anew: one that there is reason to believe does
 * not answer has to do so first.
 */
export function forgetOffer({ observation }: Pick<Context, 'observation'>, planned: Planned): Planned {
  const { machine } = planned;
  const isAnew = machine.phase === 'ready' && machine.unreachableSince !== undefined;
  if (!isAnew || !isOfferReplaced(observation)) return planned;
  return { ...planned, machine: without(machine, 'offered', 'seenOffered') };
}

/** Whether a ready machine is only offered once it has answered again. */
export const isToAnswerFirst = ({ offered, unreachableSince }: Machine): boolean =>
  offered === undefined && unreachableSince !== undefined;

/** Notes which machines are offered and which are not, of those of which it was verified. */
export function confirmOffers(
  machines: readonly Machine[],
  offered: ReadonlySet<string>,
  { seen: verified, unproven }: Pick<VerifiedOffer, 'seen' | 'unproven'>,
): readonly Machine[] {
  return machines.map((machine) => {
    if (unproven?.has(machine.instanceId) === true) return machine;
    if (offered.has(machine.instanceId))
      return machine.offered === undefined ? { ...machine, offered: verified } : machine;
    if (machine.phase !== 'draining' || machine.drain === undefined || machine.drain.withdrawn !== undefined)
      return machine;
    return { ...without(machine, 'offered'), drain: { ...machine.drain, withdrawn: verified } };
  });
}

/** Notes that the queue runner shows a machine that is offered. */
export function noteSeenOffered({ machine, seen }: Planned, sighting: Sighting): Machine {
  const first = machine.offered !== undefined && machine.seenOffered === undefined && seen?.offered === true;
  return first && machine.phase === 'ready' ? { ...machine, seenOffered: sighting } : machine;
}
