/** Rules 1 and 2: which machines a plan may end, and which it may take off the queue runner. */
import type { Drain, Machine, Observation, QueueMachine, Sighting, TrustedStatus } from '../model/index.ts';
import { isAtWork, isHalfMissing, isKeyChanged, isKnownUnreachable, isTaken, seenAs } from './facts.ts';
import type { Facts } from './facts.ts';

/** Two looks this far apart, in seconds, make a quiet machine. */
const QUIET_SECONDS = 30;

/** Machines that were ready, and that EC2 has not stopped: the queue runner may have work on them. */
const wasAtWork = ({ before, instances }: Facts, id: string): boolean =>
  ['ready', 'draining'].includes(before.get(id)?.phase ?? '') && instances.get(id)?.state !== 'stopped';

/**
 * Rule 1: without a trusted status, or while EC2 leaves out half of the farm, no machine ends that may be at work, and
 * none starts to drain for lack of demand.
 */
export function unknownIsNotIdle(facts: Facts): readonly string[] {
  const { observation, plan, before, instances, types, endings } = facts;
  if (observation.queue.trusted && !isHalfMissing(facts)) return [];
  const although = observation.queue.trusted
    ? 'although EC2 leaves out half of the farm'
    : 'although the queue status is not trusted';
  const ended = endings
    .filter(({ instanceId }) => mayBeAtWork(facts, instanceId))
    .map(({ kind, instanceId }) => `would ${kind} ${instanceId} ${although}`);
  const drained = plan.machines
    .filter(({ phase, instanceId }) => phase === 'draining' && before.get(instanceId)?.phase === 'ready')
    .filter(({ type }) => types.has(type))
    .filter(({ instanceId }) => !isKnownUnreachable(facts, instanceId))
    .filter(({ instanceId }) => !isKeyChanged(facts, instanceId))
    .filter(({ instanceId }) => !isTaken(facts, instanceId))
    .map(({ instanceId }) => `would drain ${instanceId} ${although}`);
  const known = new Set(observation.state.launches.map(({ id }) => id));
  const adopted = plan.machines
    .filter(({ instanceId }) => !before.has(instanceId) && instances.get(instanceId)?.state === 'running')
    .filter(({ launchId }) => launchId === undefined || !known.has(launchId))
    .map(({ instanceId }) => `would adopt ${instanceId} ${although}`);
  return [...ended, ...drained, ...adopted];
}

/** Whether it cannot be told that a machine has no work. One that boots and is not overdue may have some yet. */
function mayBeAtWork(facts: Facts, id: string): boolean {
  const { before, instances, types, observation } = facts;
  const machine = before.get(id);
  const isRunning = instances.get(id)?.state === 'running';
  if (machine?.phase !== 'booting') return wasAtWork(facts, id) || (machine === undefined && isRunning);
  const timeout = types.get(machine.type)?.bootTimeoutSeconds ?? Infinity;
  const isOverdue = observation.now - machine.phaseSince >= timeout;
  const mayBeKnown = facts.dialect.keyOf(machine) !== undefined && machine.unknownToRunner === undefined;
  return isRunning && (!isOverdue || mayBeKnown);
}

/**
 * Rule 2: what was at work ends only with all evidence of a drain, stored before now and held against this status; what
 * was not ends only if the queue runner agrees. Evidence is not made up, and being at work is not forgotten. The Hydra
 * host is not a machine, whatever tag it bears.
 */
export function nobodyIsKilledAtWork(facts: Facts): readonly string[] {
  const { plan, before, endings, config } = facts;
  const hostId = config.host.instanceId;
  const ended = new Set(endings.map(({ instanceId }) => instanceId));
  const killed = endings.flatMap(({ kind, instanceId }) => {
    const machine = before.get(instanceId);
    const why =
      machine !== undefined && wasAtWork(facts, instanceId)
        ? missingEvidence(facts, machine)
        : stillKnown(facts, instanceId);
    return why === undefined ? [] : [`would ${kind} ${instanceId}: ${why}`];
  });
  const forgotten = [...before.keys()]
    .filter((id) => id !== hostId && wasAtWork(facts, id) && !ended.has(id) && isForgotten(facts, id))
    .map((id) => `would forget that ${id} may be at work`);
  const forged = plan.machines.flatMap((machine) => {
    const what = madeUpEvidence(facts, machine);
    return what === undefined ? [] : [`would make up that ${machine.instanceId} ${what}`];
  });
  const host = plan.machines
    .filter(({ instanceId }) => instanceId === hostId)
    .map(() => `would take ${hostId}, the Hydra host itself, for a machine`);
  return [...killed, ...forgotten, ...forged, ...host];
}

function missingEvidence(facts: Facts, before: Machine): string | undefined {
  const { queue, offer, state } = facts.observation;
  const { withdrawn, knownWithdrawn, quiet, missing } = before.drain ?? {};
  if (!queue.trusted) return 'the queue status is not trusted';
  if (offer !== undefined && offer.digest !== (state.farm.offeredDigest ?? offer.digest))
    return 'something else is offered than we offered last';
  if (before.phase !== 'draining' || withdrawn === undefined) return 'that it is withdrawn was not verified';
  if (knownWithdrawn === undefined || knownWithdrawn.hostAt <= withdrawn.hostAt)
    return 'the queue runner was not seen to know that it is withdrawn';
  if (quiet === undefined || quiet.hostAt < knownWithdrawn.hostAt)
    return 'it was not seen quiet after the drain';
  if (secondsSince(facts.observation, queue, quiet) < QUIET_SECONDS)
    return 'there are no two quiet statuses 30 s apart';
  const seen = seenAs(
    facts,
    before.address === undefined ? (facts.after.get(before.instanceId) ?? before) : before,
  );
  if (seen === undefined && !facts.dialect.mayBeMissing(before, withdrawn, queue))
    return 'the queue status does not show it';
  if (
    seen === undefined &&
    (missing === undefined || secondsSince(facts.observation, queue, missing) < QUIET_SECONDS)
  )
    return 'the queue status may leave it out for a moment only';
  if (isAtWork(seen)) return 'the queue status shows it offered or busy';
  return isProvenClear(facts, queue, before, seen) ? undefined : 'outputs may still be fetched from it';
}

/** The least time, in seconds, between what a sighting showed and what this status shows, by either clock. */
const secondsSince = (
  { now, askedAt = now }: Observation,
  { at }: TrustedStatus,
  sighting: Sighting,
): number => Math.min(at - sighting.hostAt, askedAt - sighting.at);

/** A run of statuses in which nothing is finishing ends with the first that shows something. */
function keptAgainstFinishing({ queue }: Observation, { phase, drain }: Machine): string | undefined {
  const isBroken = queue.trusted && (queue.stepsFinishing ?? 0) > 0;
  return phase === 'draining' && drain?.noneFinishing !== undefined && isBroken
    ? 'is still without steps that are finishing'
    : undefined;
}

/**
 * Whether outputs were all fetched from a machine that was quiet: proven before, by a second status in which nothing is
 * finishing, or by what the dialect goes by. One status alone is not of one instant and proves nothing.
 */
function isProvenClear(
  { dialect, observation }: Facts,
  queue: TrustedStatus,
  { instanceId, drain: { quiet, noneFinishing, clear } = { since: 0, reason: '' } }: Machine,
  seen: QueueMachine | undefined,
): boolean {
  const wasSeen = (sighting: Sighting | undefined): sighting is Sighting =>
    sighting !== undefined && quiet !== undefined && sighting.hostAt >= quiet.hostAt;
  const isSecond = wasSeen(noneFinishing) && noneFinishing.hostAt < queue.at && queue.stepsFinishing === 0;
  return wasSeen(clear) || isSecond || dialect.isClear(observation, queue, { instanceId, seen });
}

/** Whether the queue runner shows work under the key of a machine that was never ready, or that was never recorded. */
function stillKnown(facts: Facts, id: string): string | undefined {
  const { before, after, instances } = facts;
  const cannotWork = ['terminating', 'stopping', 'stopped'].includes(before.get(id)?.phase ?? '');
  const machine = after.get(id) ?? before.get(id);
  if (cannotWork || instances.get(id)?.state === 'stopped' || machine === undefined) return undefined;
  return isAtWork(seenAs(facts, machine)) ? 'the queue runner may give it work, or has' : undefined;
}

/** Only EC2 can say that a machine that was at work no longer is. */
function isForgotten({ after, instances }: Facts, id: string): boolean {
  const phase = after.get(id)?.phase;
  if (phase === undefined || phase === 'ready' || phase === 'draining') return false;
  const state = instances.get(id)?.state;
  return state === undefined || state === 'running' || state === 'pending';
}

/** What a plan would newly remember of a drain although this round does not show it. */
function madeUpEvidence(facts: Facts, after: Machine): string | undefined {
  const { observation } = facts;
  const { queue, now } = observation;
  const { drain } = after;
  const machine = facts.before.get(after.instanceId);
  if (drain === undefined) return undefined;
  const before = machine?.drain;
  const isNew = (part: Exclude<keyof Drain, 'since' | 'reason' | 'endAsked'>): boolean =>
    drain[part] !== undefined && JSON.stringify(drain[part]) !== JSON.stringify(before?.[part]);
  if (isNew('withdrawn')) return 'is withdrawn';
  const news = (['knownWithdrawn', 'quiet', 'missing', 'noneFinishing', 'clear'] as const).filter(isNew);
  if (news.length === 0) return keptAgainstFinishing(observation, after);
  if (!queue.trusted) return 'is drained, without a trusted status';
  if (news.some((part) => drain[part]?.at !== now || drain[part].hostAt !== queue.at))
    return 'was seen at another time than now';
  if (isNew('noneFinishing') && queue.stepsFinishing !== 0)
    return 'was seen without steps that are finishing';
  const seen = seenAs(facts, after);
  if (seen?.offered === true) return 'is known to be withdrawn';
  if (isNew('missing') && seen !== undefined) return 'is not shown';
  if (drain.quiet !== undefined && isAtWork(seen)) return 'is quiet';
  const isUnproven = machine === undefined || !isProvenClear(facts, queue, machine, seen);
  return isNew('clear') && isUnproven ? 'is clear' : undefined;
}
