/** How the remembered phase of a machine follows what EC2 says happened to its instance. */
import type { Instance, Machine } from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import type { Context } from './context.ts';
import type { Dialect } from './dialect.ts';
import { move } from './phases.ts';
import { beginDrain, without } from './planned.ts';
import { servedBy, serving } from './runner.ts';

/** Brings the remembered phase in line with the instance's state; one that EC2 does not show stays as it is. */
export function followInstance(
  { dialect, observation: { now } }: Pick<Context, 'dialect' | 'observation'>,
  machine: Machine,
  instance: Instance | undefined,
): Machine {
  if (instance === undefined) return machine;
  const there = atAddress(dialect, machine, instance.address, now);
  const moved = goingDown(marked(there, instance), instance, now);
  switch (instance.state) {
    case 'shutting-down':
    case 'terminated':
      return machine.phase === 'terminating'
        ? moved
        : move(moved, 'seenEnding', words.endedByOthers('terminating', instance.stateReason), now);
    case 'stopping':
      return machine.phase === 'stopping'
        ? moved
        : move(
            afterUndoneStart(moved, instance),
            'seenStopping',
            words.endedByOthers('stopping', instance.stateReason),
            now,
          );
    case 'stopped':
      return machine.phase === 'stopped'
        ? asleep(moved)
        : move(
            asleep(afterUndoneStart(moved, instance)),
            'seenStopped',
            words.stopped(instance.stateReason),
            now,
          );
    case 'running':
    case 'pending':
      return startedByOthers(machine)
        ? move(servingNow(asleep(moved), dialect), 'seenStarted', words.startedByOthers, now)
        : notEnded(moved, instance, now);
    case 'unknown':
      return moved;
  }
}

/** What EC2 says once and need not say again. */
function marked(machine: Machine, { interrupted, untagged }: Instance): Machine {
  const warned = interrupted === true ? { ...machine, interrupted } : machine;
  if (untagged === undefined) return without(warned, 'untagged');
  return warned.untagged === undefined ? { ...warned, untagged } : warned;
}

/** A wish to end it that AWS has refused for hours is no sign that AWS is at it: what EC2 shows counts, from its first look on. */
function goingDown(machine: Machine, { state }: Instance, now: number): Machine {
  if (state !== 'stopping' && state !== 'shutting-down') return without(machine, 'goingDownSince');
  const wasGoing = machine.phase === (state === 'stopping' ? 'stopping' : 'terminating');
  return wasGoing && machine.goingDownSince !== undefined ? machine : { ...machine, goingDownSince: now };
}

/** A start that AWS accepted and undid: EC2 shows another start than the one it got ready after, and the machine is down again. */
function afterUndoneStart(machine: Machine, { startedAt }: Instance): Machine {
  const known = machine.starts?.startedAt ?? machine.startedAt;
  if (machine.phase !== 'booting' || (startedAt !== undefined && startedAt === known)) return machine;
  const { undone = 0, refused = 0 } = machine.starts ?? {};
  return {
    ...machine,
    starts: { undone: undone + 1, refused, ...(startedAt === undefined ? {} : { startedAt }) },
  };
}

/** EC2 shows what it was asked to end within this time, in seconds; what it then still shows running it has refused to end. */
const END_SHOWS_SECONDS = 60;

/** While AWS refused to end it, a person may have let it work again: nothing that was known of it before counts. */
function notEnded(machine: Machine, { state }: Instance, now: number): Machine {
  const { phase, phaseSince, drain, reason } = machine;
  const isEnding = phase === 'stopping' || phase === 'terminating';
  if (!isEnding || state !== 'running' || now - phaseSince < END_SHOWS_SECONDS) return machine;
  return drain === undefined
    ? move(machine, 'notEndedUndrained', reason, now)
    : move({ ...machine, drain: { ...drain, endAsked: true } }, 'notEnded', drain.reason, now);
}

/** Our own stop always has a drain behind it; without one it was not ours and the machine is simply back. */
const startedByOthers = (machine: Machine): boolean =>
  machine.phase === 'stopped' || (machine.phase === 'stopping' && machine.drain === undefined);

/**
 * Under another key a machine is a stranger to the queue runner, which may have work on it under the old one. It keeps
 * that until it is drained.
 */
function atAddress({ keyOf }: Dialect, machine: Machine, address: string | undefined, now: number): Machine {
  if (address === undefined || address === machine.address) return machine;
  const moved = { ...machine, address };
  if (machine.address === undefined || keyOf(machine) === keyOf(moved)) return moved;
  if (machine.phase === 'draining') return machine;
  if (machine.phase === 'ready')
    return beginDrain(machine, words.addressChanged(machine.address, address), now);
  return without(moved, 'offered', 'seenOffered', 'unknownToRunner', 'shownAtWork');
}

/** It asks at every boot which queue runner there is. */
export function servingNow(machine: Machine, { kind }: Dialect): Machine {
  return servedBy(machine) === kind ? machine : { ...without(machine, 'runner'), ...serving(kind) };
}

const asleep = (machine: Machine): Machine =>
  without(
    machine,
    'drain',
    'offered',
    'seenOffered',
    'unknownToRunner',
    'shownAtWork',
    'surplusSince',
    'doubtedSince',
    'unreachableSince',
    'interrupted',
  );
