/**
 * Rule 2, as evidence: a machine may end only when its line is out of the file, the runner has read that, two trusted
 * statuses at least 30 s apart show no job on it, and nothing is being copied back from it. The runner frees a slot
 * before it copies the outputs back; a machine that ends then loses the builds (measured on the C++ queue runner).
 * Host times are compared with host times only, so that a skewed clock on either side proves nothing.
 */
import type { Drain, Machine, Sighting, TrustedStatus } from '../model.ts';
import type { Context, Planned } from './planned.ts';

/** Apart this far, in seconds, two looks cannot both fall between one step's end and the next one's start. */
const QUIET_SECONDS = 30;
/** An idle machine that cannot be asked has copied everything back by then, in seconds. */
const LONG_IDLE_SECONDS = 600;

/** Adds what this round's status proves. An untrusted status proves nothing and takes nothing away. */
export function progressDrain(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  const { status, observation } = context;
  if (status === undefined || machine.drain?.unlisted === undefined) return planned;
  const sighting: Sighting = { at: observation.now, hostAt: status.at };
  const drain = nextEvidence(
    planned,
    machine.drain,
    machine.drain.unlisted,
    status,
    sighting,
    observation.quietMachines,
  );
  return drain === machine.drain ? planned : { ...planned, machine: { ...machine, drain } };
}

function nextEvidence(
  { machine, seen }: Planned,
  drain: Drain,
  unlisted: Sighting,
  status: TrustedStatus,
  sighting: Sighting,
  quietMachines: ReadonlySet<string>,
): Drain {
  const { since, reason } = drain;
  const start: Drain = { since, reason, unlisted };
  if (status.at <= unlisted.hostAt) return drain;
  const restarted = status.runnerStartedAt > unlisted.hostAt;
  if (seen === undefined && !restarted) return drain;
  if (seen?.listed === true) return start;
  const acknowledged = drain.acknowledged ?? sighting;
  if ((seen?.currentJobs ?? 0) > 0) return { ...start, acknowledged };
  const quiet = drain.quiet ?? sighting;
  const copied =
    status.stepsCopyingBack === 0 ||
    quietMachines.has(machine.instanceId) ||
    (seen?.idleSince !== undefined && status.at - seen.idleSince >= LONG_IDLE_SECONDS);
  const copiedBack = drain.copiedBack ?? (copied ? sighting : undefined);
  return { ...start, acknowledged, quiet, ...(copiedBack === undefined ? {} : { copiedBack }) };
}

/** Whether this round completes the evidence; false whenever the status is not trusted. */
export function isDrained(context: Context, { machine, seen }: Planned): boolean {
  const { status, observation } = context;
  const { quiet, copiedBack } = machine.drain ?? {};
  if (status === undefined || quiet === undefined || copiedBack === undefined) return false;
  const apart = Math.min(status.at - quiet.hostAt, observation.now - quiet.at);
  return apart >= QUIET_SECONDS && (seen?.currentJobs ?? 0) === 0 && seen?.listed !== true;
}

/** What a draining machine still waits for, for people. */
export function drainWaitsFor({ machine, seen }: Planned): string {
  const { drain } = machine;
  if (drain?.unlisted === undefined) return 'its line to leave the machines file';
  if (drain.acknowledged === undefined) return 'the queue runner to reread the file';
  if ((seen?.currentJobs ?? 0) > 0) return `${seen?.currentJobs ?? 0} running steps`;
  if (drain.quiet === undefined) return 'a status without jobs on it';
  if (drain.copiedBack === undefined) return 'outputs being copied back';
  return 'a second quiet status';
}

/** Whether asking the machine itself would help: it is quiet, but the status cannot tell whether something is copied back. */
export function wantsQuietCheck(machine: Machine): boolean {
  return machine.drain?.quiet !== undefined && machine.drain.copiedBack === undefined;
}
