/**
 * Rule 2, as evidence: a machine may end only when it is withdrawn, the queue runner knows that, two trusted statuses at
 * least 30 s apart show no job on it, and nothing is being fetched from it any more. A runner may free a slot before it
 * fetches the outputs, and a machine that ends then loses the builds
 * (measured: docs/develop/facts.md#slots-are-freed-before-outputs-are-copied). One status that shows nothing finishing
 * proves nothing by itself (measured: docs/develop/facts.md#a-status-is-not-of-one-instant). Host times are compared with
 * host times only, so that a skewed clock on either side proves nothing; and a status may be as old as the question, so
 * that the time between two runs from the answer to the first to the question for the second.
 */
import type { Drain, Machine, QueueMachine, Sighting, TrustedStatus } from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import type { Dialect } from './dialect.ts';
import { askedAtOf } from './looks.ts';
import { isOfferReplaced } from './offering.ts';
import { without } from './planned.ts';
import type { Context } from './context.ts';
import type { Planned } from './planned.ts';

/** Two looks this far apart, in seconds, cannot both fall between one step's end and the next one's start. */
export const QUIET_SECONDS = 30;
/** Adds what this round's status proves. An untrusted status proves nothing and takes nothing away. */
export function progressDrain(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  if (machine.phase !== 'draining') return planned;
  const { queue } = context.observation;
  const drain = machine.drain ?? { since: machine.phaseSince, reason: machine.reason };
  const held = isOfferReplaced(context.observation) ? begunOf(drain) : drain;
  // What a status shows holds, whatever EC2's answer leaves out.
  const before = inOrder(held, queue.trusted ? queue : undefined);
  return { ...planned, machine: { ...machine, drain: nextEvidence(context, planned, before) } };
}

/** Evidence builds on what was there before it; what does not is worth nothing, and one step that is finishing ends a run without any. */
function inOrder(drain: Drain, status: TrustedStatus | undefined): Drain {
  const { withdrawn, knownWithdrawn, quiet, missing, noneFinishing, clear } = drain;
  const begun = begunOf(drain);
  if (withdrawn === undefined) return begun;
  if (knownWithdrawn === undefined || knownWithdrawn.hostAt <= withdrawn.hostAt)
    return { ...begun, withdrawn };
  if (quiet === undefined || quiet.hostAt < knownWithdrawn.hostAt)
    return { ...begun, withdrawn, knownWithdrawn };
  const isProven = clear !== undefined && clear.hostAt >= quiet.hostAt;
  const isMissing = missing !== undefined && missing.hostAt >= quiet.hostAt;
  const isWithoutFinishing =
    noneFinishing !== undefined && noneFinishing.hostAt >= quiet.hostAt && !showsFinishing(status);
  return {
    ...{ ...begun, withdrawn, knownWithdrawn, quiet },
    ...(isMissing && { missing }),
    ...(isWithoutFinishing && { noneFinishing }),
    ...(isProven && { clear }),
  };
}

/** A drain without any evidence. */
const begunOf = ({ since, reason, endAsked }: Drain): Drain => ({
  ...{ since, reason },
  ...(endAsked && { endAsked }),
});

const showsFinishing = (status: TrustedStatus | undefined): boolean => (status?.stepsFinishing ?? 0) > 0;

function nextEvidence(context: Context, planned: Planned, drain: Drain): Drain {
  const { status, observation } = context;
  const { machine, seen } = planned;
  const { withdrawn } = drain;
  if (status === undefined || withdrawn === undefined || status.at <= withdrawn.hostAt) return drain;
  if (seen === undefined && !context.dialect.mayBeMissing(machine, withdrawn, status)) return drain;
  const start: Drain = { ...begunOf(drain), withdrawn };
  if (seen?.offered === true) return start;
  const sighting: Sighting = { at: observation.now, hostAt: status.at };
  const knownWithdrawn = drain.knownWithdrawn ?? sighting;
  if ((seen?.currentJobs ?? 0) > 0) return { ...start, knownWithdrawn };
  const quiet = drain.quiet ?? sighting;
  const known: Drain = {
    ...{ ...start, knownWithdrawn, quiet },
    ...(seen === undefined && { missing: drain.missing ?? sighting }),
  };
  if (drain.clear !== undefined) return { ...known, clear: drain.clear };
  // A machine is asked from the round after its first quiet one on; only one asked in vain cannot be asked.
  const shown = { instanceId: machine.instanceId, seen };
  const isClear = context.dialect.isClear(context, shown, drain.quiet !== undefined);
  const noneFinishing = drain.noneFinishing ?? (status.stepsFinishing === 0 ? sighting : undefined);
  const isSecond =
    noneFinishing !== undefined && status.stepsFinishing === 0 && status.at > noneFinishing.hostAt;
  if (isClear || isSecond) return { ...known, clear: sighting };
  return noneFinishing === undefined ? known : { ...known, noneFinishing };
}

/**
 * Whether a drain cannot go on: the runner must know that the machine is withdrawn, yet it neither shows it nor has
 * restarted since. A tick that died between withdrawing it and noting that, and a restart after that, leave this behind.
 */
export function isDrainLost({ status, dialect }: Context, { machine, seen }: Planned): boolean {
  const { withdrawn } = machine.drain ?? {};
  if (status === undefined || withdrawn === undefined || seen !== undefined) return false;
  return (
    status.at - withdrawn.hostAt >= dialect.noticeSeconds && !dialect.mayBeMissing(machine, withdrawn, status)
  );
}

/**
 * A runner that has restarted since it showed a machine, and does not know it now, has never noticed its offer. If that
 * machine's drain is lost and it cannot be offered and shown again, it is drained like one that was never noticed.
 */
export function forgetShown(context: Context, planned: Planned): Machine {
  const { machine } = planned;
  const { drain, seenOffered } = machine;
  const startedAt = context.status?.runnerStartedAt ?? 0;
  const isOlder = seenOffered !== undefined && startedAt > seenOffered.hostAt;
  if (machine.phase !== 'draining' || drain?.withdrawn === undefined || !isOlder) return machine;
  if (!isDrainLost(context, planned)) return machine;
  return {
    ...without(machine, 'seenOffered'),
    drain: { ...begunOf(drain), withdrawn: drain.withdrawn },
  };
}

/** Whether this one look shows that nothing is on its way from a machine without jobs to the Hydra host. */
export const isShownClear = (context: Context, instanceId: string, seen: QueueMachine): boolean =>
  context.status?.stepsFinishing === 0 || context.dialect.isClear(context, { instanceId, seen }, true);

/**
 * Whether this round completes the evidence; false whenever the status is not trusted. What was there and is missing now may
 * be on its way back, with another mind about taking work: once is not enough of that either.
 */
export function isDrained(context: Context, { machine, seen }: Planned): boolean {
  const { status, observation } = context;
  const { withdrawn, quiet, missing, clear } = machine.drain ?? {};
  if (status === undefined || withdrawn === undefined || quiet === undefined || clear === undefined)
    return false;
  if (seen === undefined && !context.dialect.mayBeMissing(machine, withdrawn, status)) return false;
  const isLongSince = ({ at, hostAt }: Sighting): boolean =>
    Math.min(status.at - hostAt, askedAtOf(observation) - at) >= QUIET_SECONDS;
  if (!isLongSince(quiet)) return false;
  if (seen === undefined) return missing !== undefined && isLongSince(missing);
  return seen.currentJobs === 0 && !seen.offered;
}

/** What a draining machine still waits for, for people. */
export function drainWaitsFor(dialect: Dialect, { machine, seen }: Planned): string {
  const { drain } = machine;
  if (drain?.withdrawn === undefined) return dialect.words.withdrawal;
  if (drain.knownWithdrawn === undefined) return dialect.words.notice;
  if ((seen?.currentJobs ?? 0) > 0) return words.runningSteps(seen?.currentJobs ?? 0);
  if (drain.quiet === undefined) return words.quietStatus;
  if (drain.clear === undefined && drain.noneFinishing === undefined) return words.copiesBack;
  return words.secondQuietStatus;
}

/**
 * Whether asking the machine itself would help: it is quiet, but the last status could not tell whether something is
 * copied back. After a first one without copies the next one most likely proves it.
 */
export function wantsQuietCheck({ drain }: Machine): boolean {
  return drain?.quiet !== undefined && drain.clear === undefined && drain.noneFinishing === undefined;
}
