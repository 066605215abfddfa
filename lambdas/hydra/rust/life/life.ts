/**
 * The Rust queue runner: builders dial in under their instance ids, tell with every ping whether they take work, and are
 * closed and opened on themselves. What has hung up holds nothing any more.
 */
import type { Dialect, Shown, Sight, Whereabouts } from '../../../core/life/dialect.ts';
import type { Planned } from '../../../core/life/planned.ts';
import type { Problem, QueueMachine, TrustedStatus } from '../../../core/model/index.ts';
import { besideFreeSlots } from '../../free-slots.ts';
import { SILENT_SECONDS } from '../status-content.ts';

/**
 * Builders ping every 10 s at most, and what they tell then counts at once
 * (measured: docs/develop/facts.md#closing-takes-effect-with-the-next-ping); three pings may be late.
 */
const NOTICE_SECONDS = 30;
/**
 * A builder that has not got through for 31 s has ended its builds and dials anew, while the queue runner may show it for
 * another 15 minutes (measured: docs/develop/facts.md#a-vanished-builder-is-noticed-late). What
 * it has not been heard of for this long, in seconds, is gone.
 */
const GONE_SECONDS = 180;
/** A closed machine that still pings as an open one after this long, in seconds, does not watch what closes it. */
const HEEDLESS_SECONDS = 120;

export const rustLife: Dialect = {
  kind: 'rust',
  asksMachines: false,
  lackOfFarm: ({ host }) => (host.queueRunnerAddr === undefined ? NO_ADDRESS : undefined),
  keyOf: ({ instanceId }) => instanceId,
  seenIn,
  isDoubtful,
  lackOf: () => undefined,
  sharedIdentity: () => undefined,
  objectionTo: () => undefined,
  offersOf: (machines) =>
    machines.flatMap(({ machine, type }) =>
      machine.phase === 'ready' && type !== undefined ? [{ machine, type }] : [],
    ),
  noticeSeconds: NOTICE_SECONDS,
  mayBeMissing: () => true,
  isClear,
  besideFreeSlots,
  unheeded,
  words: {
    usable: 'it has dialled in to the queue runner',
    check: 'it to dial in to the queue runner',
    answer: 'a place at the queue runner',
    unreachable: 'the queue runner cannot use it',
    withdrawal: 'it to be closed',
    notice: 'a ping that tells the queue runner that it is closed',
    notShown: (seconds) =>
      `the queue runner has not shown it for ${seconds} s: it dials in again, or is gone`,
    nudge: 'the dispatcher looks again by itself (dispatchTriggerTimerInS)',
    cannotOffer: 'builders cannot be opened and closed',
  },
};

/**
 * A slot is held until the outputs are there, and so is the row of its step. A row that outlasts all slots for so long, in
 * seconds, is of a step that hangs since the builder was away for a moment, or since the database was: only a restart of the
 * queue runner ends that (measured: docs/develop/facts.md#a-builder-that-leaves-while-it-is-given-work-leaves-a-step-hanging).
 */
const HANGING_SECONDS = 600;

function isClear({ status, observation }: Sight, { instanceId, seen }: Shown): boolean {
  if (seen === undefined || seen.busySteps === 0) return true;
  const machine = observation.state.machines.find((one) => one.instanceId === instanceId);
  // The queue runner now and then does not say since when a machine is idle: then it counts since when we know.
  const since = Math.min(seen.idleSince ?? Infinity, machine?.drain?.quiet?.hostAt ?? Infinity);
  return (status?.at ?? 0) - since >= HANGING_SECONDS;
}

const NO_ADDRESS: Problem = {
  says: 'the Hydra host has the Rust queue runner, and builders do not know where to dial in',
  remedy: 'set host.queueRunnerAddr, and deploy',
};

function seenIn(status: TrustedStatus, { instanceId }: Whereabouts): QueueMachine | undefined {
  const seen = status.machines.get(instanceId ?? '');
  return seen === undefined || silence(status, seen) > GONE_SECONDS ? undefined : seen;
}

/** For how long it has not been heard of, in seconds. */
const silence = ({ at }: TrustedStatus, { heardAt = at }: QueueMachine): number => at - heardAt;

/** It has hung up, has not been heard of for too long, fails whatever it is given, or is never given anything again. */
function isDoubtful(status: TrustedStatus, { machine, seen }: Planned): boolean {
  if (seen?.isUseless === true) return true;
  if (machine.seenOffered === undefined) return seen?.isFailing === true;
  return seen === undefined || seen.isFailing === true || silence(status, seen) > SILENT_SECONDS;
}

/** A machine that is closed and says that it is not can never be ended: so none like it is launched. */
function unheeded({ status }: Sight, machines: readonly Planned[]): Problem | undefined {
  const open = machines.filter(({ machine: { phase, drain }, seen }) => {
    const { heardAt } = seen ?? {};
    const isOpen = status !== undefined && phase === 'draining' && seen?.offered === true;
    if (!isOpen || drain?.withdrawn === undefined || heardAt === undefined) return false;
    return heardAt - drain.withdrawn.hostAt > HEEDLESS_SECONDS;
  });
  const [first] = open;
  if (first === undefined) return undefined;
  const more = open.length > 1 ? ` (and ${open.length - 1} more like it)` : '';
  return {
    says: `${first.machine.instanceId}${more} was closed over ${HEEDLESS_SECONDS / 60} min ago and may still be given work`,
    remedy:
      'see that hydra-builder there has NIX_CONFIG="build-dir = /run/hydra-drain", a file system of 64 kB, and pings every 10 s',
  };
}
