/** From booting to ready, and what stops a machine from getting or staying there. */
import type { Machine, ProbeResult } from '../model.ts';
import { drained, inPhase, isPaused, without } from './planned.ts';
import type { Context, Planned } from './planned.ts';

/** A listed machine that the runner cannot use is asked by us too; this long without an answer and it is drained. */
export const UNREACHABLE_SECONDS = 120;
/** The runner disables a machine for a minute at the first failure, which can be a cancelled build; the second is a sign. */
const SUSPICIOUS_FAILURES = 2;

/** How the reasons of machines that are given up begin. */
const NEVER_READY = 'not ready after';
const UNREACHABLE = 'does not answer over SSH';

/** Those of `after` that were given up since `before`: they never got ready, or answer no more. Each is so only once. */
export function givenUp(before: readonly Machine[], after: readonly Machine[]): readonly Machine[] {
  const phases = new Map(before.map(({ instanceId, phase }) => [instanceId, phase]));
  return after.filter(({ instanceId, phase, reason }) => {
    const was = phases.get(instanceId);
    if (was === 'booting') return phase !== 'booting' && reason.startsWith(NEVER_READY);
    return was === 'ready' && phase === 'draining' && reason.startsWith(UNREACHABLE);
  });
}

/** Moves every machine as far as the round's evidence about its health allows. */
export function checkHealth(context: Context, planned: Planned): Planned {
  const learnt = withHostKey(context, planned);
  if (learnt.instance?.interrupted === true) return interrupted(context, learnt);
  if (learnt.machine.phase === 'booting') return boot(context, learnt);
  if (learnt.machine.phase === 'ready' || learnt.machine.phase === 'draining')
    return judgeReach(context, learnt);
  return learnt;
}

/** Whether a machine should be probed in the next look: it waits to become ready, or there is reason to doubt it. */
export const wantsProbe = ({ phase, unreachableSince }: Machine): boolean =>
  phase === 'booting' || (unreachableSince !== undefined && (phase === 'ready' || phase === 'draining'));

/** Whether the runner has failed to use the machine repeatedly since it was listed. Failures before are its predecessor's. */
function isSuspect({ machine, seen }: Planned): boolean {
  if (machine.phase !== 'ready' || machine.listed === undefined || seen?.lastFailure === undefined)
    return false;
  const since = Math.max(machine.listed.hostAt, machine.reached?.hostAt ?? 0);
  return seen.consecutiveFailures >= SUSPICIOUS_FAILURES && seen.lastFailure > since;
}

function withHostKey(context: Context, planned: Planned): Planned {
  const key = planned.type?.publicHostKey ?? context.observation.hostKeys.get(planned.machine.instanceId);
  if (key === undefined || planned.machine.hostKey !== undefined) return planned;
  return { ...planned, machine: { ...planned.machine, hostKey: key } };
}

function interrupted(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  if (machine.phase !== 'ready') return planned;
  return {
    ...planned,
    machine: drained(machine, 'AWS has announced that it takes this spot instance', context.observation.now),
  };
}

function boot(context: Context, planned: Planned): Planned {
  const { machine, type, instance } = planned;
  const { now, probes } = context.observation;
  const probe = probes.find(({ instanceId }) => instanceId === machine.instanceId);
  const canBeReady =
    machine.hostKey !== undefined && machine.address !== undefined && instance?.state === 'running';
  if (type !== undefined && canBeReady && probe?.reached === true) {
    const undoubted = without(machine, 'unreachableSince');
    const ready = inPhase(undoubted, 'ready', 'the Hydra host reached its Nix store', now);
    return {
      ...planned,
      machine: instance.startedAt === undefined ? ready : { ...ready, startedAt: instance.startedAt },
    };
  }
  const lacks = missing(planned, probe);
  // What the Hydra host has not even tried, because it cannot be asked, is no fault of the machine.
  const isUntried = canBeReady && probe === undefined;
  if (type === undefined || isUntried || now - machine.phaseSince < type.bootTimeoutSeconds) {
    return { ...planned, machine: inPhase(machine, 'booting', `waits for ${lacks}`, now) };
  }
  const reason = `${NEVER_READY} ${type.bootTimeoutSeconds} s: it lacked ${lacks}`;
  return { ...planned, machine: inPhase(machine, 'failed', reason, now) };
}

function missing({ machine, instance }: Planned, probe: ProbeResult | undefined): string {
  if (instance?.state !== 'running') return 'EC2 to run it';
  if (machine.address === undefined) return 'an address';
  if (machine.hostKey === undefined) return 'its SSH host key on the console or over SSM';
  if (probe === undefined) return 'the Hydra host to try its Nix store';
  return `an answer of its Nix store over SSH${probe.detail === '' ? '' : ` (${probe.detail})`}`;
}

function judgeReach(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  const { now, probes } = context.observation;
  const probe = probes.find(({ instanceId }) => instanceId === machine.instanceId);
  if (machine.unreachableSince === undefined && !isSuspect(planned) && !isRestarted(planned)) return planned;
  if (probe?.reached === true) return { ...planned, machine: dispelled(context, planned) };
  const since = machine.unreachableSince ?? now;
  const doubted = { ...machine, unreachableSince: since };
  const isCertain = probe !== undefined && machine.phase === 'ready' && now - since >= UNREACHABLE_SECONDS;
  if (!isCertain || isPaused(context, machine.type)) return { ...planned, machine: doubted };
  return { ...planned, machine: drained(doubted, `${UNREACHABLE} (${probe.detail})`, now) };
}

/** Stopped and started between two looks, by AWS or a person: nobody has seen it answer since. */
const isRestarted = ({ machine, instance }: Planned): boolean =>
  machine.startedAt !== undefined &&
  instance?.startedAt !== undefined &&
  instance.startedAt !== machine.startedAt;

function dispelled({ observation, status }: Context, { machine, instance }: Planned): Machine {
  if (machine.unreachableSince === undefined) return machine;
  const hostAt = status?.at ?? observation.file?.seen.hostAt ?? machine.reached?.hostAt ?? 0;
  const start = instance?.startedAt === undefined ? {} : { startedAt: instance.startedAt };
  return { ...without(machine, 'unreachableSince'), ...start, reached: { at: observation.now, hostAt } };
}
