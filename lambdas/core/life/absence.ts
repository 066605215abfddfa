/**
 * Machines that EC2 does not show. Its answers are eventually consistent and have been seen to leave out some or all of a
 * farm, so what is missing is unknown, not gone: it counts, stays offered, keeps its orders and the evidence of its drain, until
 * EC2, asked for it by id, has denied it for long enough.
 */
import * as words from '../reason/words/index.ts';
import type { EpochSeconds, Instance, Machine, Observation } from '../model/index.ts';

/** This many looks in a row must miss a machine before its record may end. */
export const MISSED_LOOKS = 3;
/** And for this long, in seconds. */
export const MISSED_SECONDS = 300;
/**
 * A machine EC2 has never shown, but that a launch brought, may stay invisible for longer: up to 20 minutes have been met
 * by other autoscalers. So may much of a farm at once.
 */
export const UNSEEN_SECONDS = 1800;

/** A new machine that EC2 shows later than this, in seconds, has lost so much of its time to boot that it begins anew. */
const LATE_SECONDS = 60;

/** Notes that a machine is missed once more, or that it is back. */
export function noteAbsence(machine: Machine, instance: Instance | undefined, now: EpochSeconds): Machine {
  const { missing, ...rest } = machine;
  if (instance === undefined)
    return { ...machine, missing: { since: missing?.since ?? now, looks: (missing?.looks ?? 0) + 1 } };
  if (missing === undefined) return machine;
  // It could not be reached while EC2 did not show it: its time to boot begins now.
  const isLate = machine.phase === 'booting' && now - missing.since >= LATE_SECONDS;
  return isLate ? { ...rest, phaseSince: now } : rest;
}

/** Whether the record of a machine that EC2 does not show may end. @param machine with this look's absence noted. */
export function isGone({ denied, now }: Observation, machine: Machine, isHalfSeen: boolean): boolean {
  const { instanceId, missing } = machine;
  if (missing === undefined || !denied.has(instanceId)) return false;
  const patience = wasShown(machine) && !isHalfSeen ? MISSED_SECONDS : UNSEEN_SECONDS;
  return missing.looks >= MISSED_LOOKS && now - missing.since >= patience;
}

const wasShown = ({ address, startedAt }: Machine): boolean =>
  address !== undefined || startedAt !== undefined;

/** Why this answer of EC2 is not believed: half of the machines it has shown before are missing from it at once. */
export function halfSeen({ state, instances, denied, now }: Observation): string | undefined {
  const shown = new Set(instances.map(({ instanceId }) => instanceId));
  const isGivenUp = ({ instanceId, missing }: Machine): boolean =>
    denied.has(instanceId) && missing !== undefined && now - missing.since >= UNSEEN_SECONDS;
  const expected = state.machines.filter(
    (machine) => wasShown(machine) && machine.phase !== 'terminating' && !isGivenUp(machine),
  );
  const missed = expected.filter(({ instanceId }) => !shown.has(instanceId)).length;
  if (missed === 0 || missed * 2 < expected.length) return undefined;
  return words.halfSeen(expected.length - missed, expected.length);
}
