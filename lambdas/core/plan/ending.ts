/** How machines end: which stop, which terminate, and which still wait for paid time to run out. */
import { hourEnd } from '../model/billing.ts';
import type { TypeDemand } from '../capacity/demand.ts';
import { QUIET_SECONDS, isDrained } from '../life/drain.ts';
import { askedAtOf } from '../life/looks.ts';
import { orderInWords } from '../reason/orders.ts';
import * as words from '../reason/words/index.ts';
import { move } from '../life/phases.ts';
import { UNTYPED, beginDrain, isPaused, isShownAtWork } from '../life/planned.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import { isNeedlessBoot, paidLeft } from '../capacity/scale-in.ts';
import { canReturn, mayDrain, mayYetReturn } from '../life/returning.ts';
import { whyNotKept, whyUseless } from '../capacity/stopped.ts';

/** Ends a machine that may and should end now; others pass through. */
export function endMachine(context: Context, demand: TypeDemand | undefined, planned: Planned): Planned {
  const { machine, instance } = planned;
  // Nothing can be said of what EC2 does not show, or shows in a state this version does not know.
  if (instance === undefined || instance.state === 'unknown') return planned;
  if (context.halfSeen !== undefined) return planned;
  if (isPaused(context, machine.type)) return planned;
  switch (machine.phase) {
    case 'failed':
      return endFailed(context, planned);
    case 'booting':
      return endBooting(context, demand, planned);
    case 'ready':
      return endReady(context, planned);
    case 'draining':
      return endDraining(context, planned);
    case 'stopped':
      return endStopped(context, planned);
    case 'stopping':
    case 'terminating':
      // While AWS refused that, somebody may have let it work again.
      if (context.status !== undefined && isShownAtWork(planned)) return planned;
      return instance.state === 'running' || instance.state === 'pending'
        ? { ...planned, action: machine.phase === 'stopping' ? 'stop' : 'terminate' }
        : planned;
  }
}

/** What was given up and is at work all the same, since it came late or others offered it, ends as whatever is at work does. */
function endFailed(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  if (context.status !== undefined && isShownAtWork(planned))
    return { ...planned, machine: beginDrain(machine, machine.reason, context.observation.now) };
  const isWaitedFor = mayBeAtWork(context, planned) || isNewlyFailed(context, planned);
  return isWaitedFor ? planned : terminate(context, planned, machine.reason);
}

/** What the queue runner knows may have been open to it a moment ago, whoever had opened it: one quiet look is not enough. */
const isNewlyFailed = ({ observation }: Context, { machine, seen }: Planned): boolean =>
  seen !== undefined && askedAtOf(observation) - machine.phaseSince < QUIET_SECONDS;

/** Whether one that is not ready may be at work, as far as the queue runner says, or said when it was last believed. */
function mayBeAtWork({ status }: Context, planned: Planned): boolean {
  const { machine, instance } = planned;
  if (status !== undefined) return isShownAtWork(planned) || machine.shownAtWork !== undefined;
  return (
    instance?.state === 'running' && machine.address !== undefined && machine.unknownToRunner === undefined
  );
}

/** A machine ordered to leave drains at once, needed or not, if the queue runner can be asked. */
function endReady(context: Context, planned: Planned): Planned {
  const { machine, order, type } = planned;
  if (type === undefined) return retire(context, planned);
  if (order?.kind !== 'drain' || context.status === undefined || !mayDrain(context, planned)) return planned;
  const { now } = context.observation;
  return { ...planned, machine: beginDrain(machine, orderInWords(order, now), now) };
}

function endBooting(context: Context, demand: TypeDemand | undefined, planned: Planned): Planned {
  if (context.status === undefined || mayBeAtWork(context, planned)) return planned;
  const { order } = planned;
  if (order?.kind === 'drain')
    return terminate(context, planned, orderInWords(order, context.observation.now));
  if (planned.isForeign === true)
    return isHeldByHand(planned) ? planned : terminate(context, planned, planned.machine.reason);
  if (planned.type === undefined) return retire(context, planned);
  if (demand === undefined || !isNeedlessBoot(context, demand, planned)) return planned;
  return terminate(context, planned, words.notNeededAtBoot);
}

/** Of no use any more, and yet a person has asked for it to be left alone. */
const isHeldByHand = ({ isForeign, machine, order }: Planned): boolean =>
  (isForeign === true || machine.drain?.endAsked === true) && order?.kind === 'protect';

/** A machine whose type has left the configuration, or that carries our tag with no type of ours. */
function retire(context: Context, planned: Planned): Planned {
  const { machine } = planned;
  const reason = machine.type === UNTYPED ? words.untyped : words.typeGone(machine.type);
  if (machine.phase === 'ready')
    return { ...planned, machine: beginDrain(machine, reason, context.observation.now) };
  if (paidLeft(context, planned) > hourEnd(context.config.schedulePeriodSeconds).endSeconds) return planned;
  return terminate(context, planned, reason);
}

function endDraining(context: Context, planned: Planned): Planned {
  if (!isDrained(context, planned) || isHeldByHand(planned)) return planned;
  const { machine, instance, type, order } = planned;
  const mayWait = mayYetReturn(context, planned) || (type === undefined && order?.kind !== 'drain');
  if (mayWait && paidLeft(context, planned) > hourEnd(context.config.schedulePeriodSeconds).endSeconds)
    return planned;
  const reason = words.drainedBecause(machine.reason);
  if (type?.stopOnIdle === true && instance?.market === 'on-demand' && canReturn(context, planned)) {
    return {
      ...planned,
      machine: move(machine, 'stop', reason, context.observation.now),
      action: 'stop',
    };
  }
  return terminate(context, planned, reason);
}

/** A stopped machine waits for demand only if its type says so; otherwise its disk is a waste. There is no hurry. */
function endStopped(context: Context, planned: Planned): Planned {
  const { order } = planned;
  if (isShownAtWork(planned)) return planned;
  if (order?.kind === 'drain')
    return terminate(context, planned, orderInWords(order, context.observation.now));
  if (planned.action === 'start') return planned;
  const useless = whyUseless(planned);
  if (useless !== undefined) return terminate(context, planned, useless);
  const reason = order?.kind === 'protect' ? undefined : whyNotKept(context, planned);
  if (reason === undefined) return planned;
  if (paidLeft(context, planned) > hourEnd(context.config.schedulePeriodSeconds).endSeconds) return planned;
  return terminate(context, planned, reason);
}

function terminate(context: Context, planned: Planned, reason: string): Planned {
  return {
    ...planned,
    machine: move(planned.machine, 'end', reason, context.observation.now),
    action: 'terminate',
  };
}
