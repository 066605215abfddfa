/** From booting to ready, and what stops a machine from getting or staying there. */
import type { Machine, Readiness } from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import type { Dialect } from './dialect.ts';
import { QUIET_SECONDS } from './drain.ts';
import { askedAtOf } from './looks.ts';
import { because, move } from './phases.ts';
import { beginDrain, isLeftToUs, isPaused, isShownAtWork, without } from './planned.ts';
import type { Context } from './context.ts';
import type { Planned } from './planned.ts';
import { servedBy } from './runner.ts';

/** An offered machine that the runner cannot use is checked by us too; this long without an answer and it is drained. */
export const UNREACHABLE_SECONDS = 120;
/** The runner disables a machine for a minute at the first failure, which can be a cancelled build; the second is a sign. */
const SUSPICIOUS_FAILURES = 2;

/** Moves every machine as far as the round's evidence about its health allows. */
export function checkHealth(context: Context, planned: Planned): Planned {
  if (planned.isForeign === true) return foreign(context, planned);
  const learnt = withIdentity(context, planned);
  if (learnt.instance?.interrupted === true) return interrupted(context, learnt);
  if (learnt.machine.phase === 'booting') return boot(context, learnt);
  if (learnt.machine.phase === 'ready' || learnt.machine.phase === 'draining')
    return withoutOffer(context, withoutTag(context, judgeReach(context, learnt)));
  return learnt;
}

/** What it was set up for has left the Hydra host, and all that was at work there has ended with it. */
function foreign(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  const reason = words.servesAnother(servedBy(machine), context.dialect.kind);
  if (machine.phase === 'booting') return { ...planned, machine: because(machine, reason) };
  const isHeld = planned.order?.kind === 'protect' || isPaused(context, machine.type);
  if (machine.phase !== 'ready' || context.status === undefined || isHeld) return planned;
  return { ...planned, machine: beginDrain(machine, reason, context.observation.now) };
}

/**
 * Notes whether a trusted status knows a machine that is not ready under its key. One that was shown at work is only
 * quiet in two looks, like one that drains: between two steps it is shown without any.
 */
export function noteKnown({ dialect, observation }: Context, planned: Planned): Planned {
  const { machine } = planned;
  const isUnready = machine.phase === 'booting' || machine.phase === 'failed';
  const before = without(machine, 'unknownToRunner', 'shownAtWork');
  if (!isUnready || dialect.keyOf(machine) === undefined) return { ...planned, machine: before };
  if (isShownAtWork(planned)) return { ...planned, machine: { ...before, shownAtWork: {} } };
  const { shownAtWork } = machine;
  const over = shownAtWork && (shownAtWork.over ?? observation.now);
  if (over !== undefined && askedAtOf(observation) - over < QUIET_SECONDS)
    return { ...planned, machine: { ...before, shownAtWork: { over } } };
  return { ...planned, machine: { ...before, unknownToRunner: true } };
}

/** Whether a machine is to be checked in the next look: it waits to become ready, or there is reason to doubt it. */
export const wantsReadinessCheck = ({ phase, doubtedSince, unreachableSince }: Machine): boolean =>
  phase === 'booting' ||
  ((doubtedSince !== undefined || unreachableSince !== undefined) &&
    (phase === 'ready' || phase === 'draining'));

/** Times the runner has failed to use the machine since it was offered and last answered. Failures before are its predecessor's. */
function failures({ machine, seen }: Planned): number {
  if (machine.phase !== 'ready' || machine.offered === undefined || seen?.lastFailure === undefined) return 0;
  const since = Math.max(machine.offered.hostAt, machine.reached?.hostAt ?? 0);
  return seen.lastFailure > since ? Math.max(1, seen.consecutiveFailures) : 0;
}

function withIdentity({ dialect, observation }: Context, planned: Planned): Planned {
  const { machine, type } = planned;
  const shared = type === undefined ? undefined : dialect.sharedIdentity(type);
  const identity = shared ?? observation.identities.get(machine.instanceId);
  if (!dialect.asksMachines || identity === undefined || machine.identity !== undefined) return planned;
  return { ...planned, machine: { ...machine, identity } };
}

/** What a machine lacks that must not be offered as it is, whatever it answers. */
export function objectionTo(context: Context, planned: Planned): string | undefined {
  const { phase } = planned.machine;
  return phase === 'booting' || phase === 'ready' ? context.dialect.objectionTo(context, planned) : undefined;
}

function interrupted(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  if (machine.phase !== 'ready') return planned;
  return { ...planned, machine: beginDrain(machine, words.interrupted, context.observation.now) };
}

function boot(context: Context, planned: Planned): Planned {
  const { machine, type, instance } = planned;
  const { now, readiness } = context.observation;
  const check = readiness.find(({ instanceId }) => instanceId === machine.instanceId);
  const objection = objectionTo(context, planned);
  const canBeReady =
    context.dialect.lackOf(machine) === undefined && objection === undefined && instance?.state === 'running';
  if (type !== undefined && canBeReady && check?.reached === true) {
    const undoubted = without(machine, 'doubtedSince', 'unreachableSince', 'starts');
    const ready = move(undoubted, 'reached', context.dialect.words.usable, now);
    return {
      ...planned,
      machine: instance.startedAt === undefined ? ready : { ...ready, startedAt: instance.startedAt },
    };
  }
  const lacks = objection ?? missing(context.dialect, planned, check);
  // What the Hydra host has not even tried, because it cannot be asked, is no fault of the machine.
  // Nor is what EC2 does not show: nothing could be found out about it.
  const isUntried = instance === undefined || (canBeReady && check === undefined);
  if (type === undefined || isUntried || now - machine.phaseSince < type.bootTimeoutSeconds) {
    return { ...planned, machine: because(machine, words.waitsFor(lacks)) };
  }
  const reason = words.neverReady(type.bootTimeoutSeconds, lacks);
  return { ...planned, machine: move(machine, 'neverReady', reason, now) };
}

function missing(dialect: Dialect, { machine, instance }: Planned, check: Readiness | undefined): string {
  if (instance?.state !== 'running') return words.ec2ToRunIt;
  const lack = dialect.lackOf(machine);
  if (lack !== undefined) return lack;
  if (check === undefined) return dialect.words.check;
  return words.withDetail(dialect.words.answer, check.detail);
}

/**
 * A failure of the runner has it asked at the next look, and it stays capacity until then: the build may have been
 * cancelled. If it does not answer us either, it is given no more work.
 */
function judgeReach(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  const { now, readiness } = context.observation;
  const check = readiness.find(({ instanceId }) => instanceId === machine.instanceId);
  const [failed, restarted] = [failures(planned), isRestarted(planned)];
  const isDoubted = machine.doubtedSince !== undefined || machine.unreachableSince !== undefined;
  const isLost = machine.phase === 'ready' && isNotHeardOf(context, planned);
  if (!isDoubted && failed === 0 && !restarted && !isLost) return planned;
  if (check?.reached === true) return { ...planned, machine: dispelled(context, planned) };
  const doubted = { ...machine, doubtedSince: machine.doubtedSince ?? now };
  const isBad = restarted || isLost || failed >= SUSPICIOUS_FAILURES || check !== undefined;
  if (!isBad && machine.unreachableSince === undefined) return { ...planned, machine: doubted };
  const since = machine.unreachableSince ?? now;
  const unreachable = { ...doubted, unreachableSince: since };
  // A check that was made before there was a doubt is no answer to it.
  const isAnswered = isDoubted && check !== undefined;
  const isCertain =
    isAnswered && machine.phase === 'ready' && (failed > 0 || now - since >= UNREACHABLE_SECONDS);
  if (!isCertain || isPaused(context, machine.type)) return { ...planned, machine: unreachable };
  const reason = words.withDetail(context.dialect.words.unreachable, check.detail);
  return { ...planned, machine: beginDrain(unreachable, reason, now) };
}

const isNotHeardOf = ({ dialect, status }: Context, planned: Planned): boolean =>
  status !== undefined && dialect.isDoubtful(status, planned);

/** A ready machine that cannot be offered is given no work: what it lacks is asked for until its time to boot is over. */
function withoutOffer(context: Context, planned: Planned): Planned {
  const { machine, type } = planned;
  const { now } = context.observation;
  if (machine.phase !== 'ready' || machine.offered !== undefined || type === undefined) return planned;
  const lack = context.dialect.lackOf(machine);
  if (lack === undefined) return planned;
  if (now - machine.phaseSince < type.bootTimeoutSeconds || context.status === undefined) return planned;
  if (isPaused(context, machine.type)) return planned;
  const reason = words.neverOffered(type.bootTimeoutSeconds, lack);
  return { ...planned, machine: beginDrain(machine, reason, now) };
}

function withoutTag(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  if (machine.phase !== 'ready' || isLeftToUs(planned) || context.status === undefined) return planned;
  if (isPaused(context, machine.type)) return planned;
  return { ...planned, machine: beginDrain(machine, words.untagged, context.observation.now) };
}

/** Stopped and started between two looks, by AWS or a person: it has not been seen to answer since. */
const isRestarted = ({ machine, instance }: Planned): boolean =>
  machine.startedAt !== undefined &&
  instance?.startedAt !== undefined &&
  instance.startedAt !== machine.startedAt;

function dispelled({ observation, status }: Context, { machine, instance }: Planned): Machine {
  if (machine.doubtedSince === undefined && machine.unreachableSince === undefined) return machine;
  const hostAt = status?.at ?? observation.offer?.seen.hostAt ?? machine.reached?.hostAt ?? 0;
  const start = instance?.startedAt === undefined ? {} : { startedAt: instance.startedAt };
  return {
    ...without(machine, 'doubtedSince', 'unreachableSince'),
    ...start,
    reached: { at: observation.now, hostAt },
  };
}
