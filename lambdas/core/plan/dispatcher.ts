/**
 * The stalled dispatcher: the C++ queue runner is not woken by a failed build, so steps can wait beside a free slot
 * until the machines file's modification time changes
 * (measured: docs/develop/facts.md#a-failed-build-does-not-wake-the-dispatcher). Then the file is republished, and no machine
 * launched.
 */
import { covers } from '../capacity/demand.ts';
import type { Farm, QueueMachine } from '../model/index.ts';
import type { Context, Planned } from '../life/planned.ts';

/** Work waits beside a free slot for this long, in seconds, before it is called a stall. */
const STALL_SECONDS = 60;

export interface Dispatcher {
  /** Types whose work waits beside their own free slots, if only for a moment. */
  readonly besideFreeSlots: ReadonlySet<string>;
  /** Those of them for which that is a stall. */
  readonly stalledTypes: ReadonlySet<string>;
  readonly republish: boolean;
  readonly farm: Pick<Farm, 'stalledSince' | 'lastNudgedAt'>;
}

export function judgeDispatcher(context: Context, machines: readonly Planned[]): Dispatcher {
  const { now, state } = context.observation;
  const { lastNudgedAt } = state.farm;
  const kept = lastNudgedAt === undefined ? {} : { lastNudgedAt };
  const besideFreeSlots = typesWaitingBesideFreeSlots(context, machines);
  if (besideFreeSlots.size === 0)
    return { besideFreeSlots, stalledTypes: besideFreeSlots, republish: false, farm: kept };
  const stalledSince = state.farm.stalledSince ?? now;
  const isStall = now - stalledSince >= STALL_SECONDS;
  const republish = isStall && now - (lastNudgedAt ?? 0) >= STALL_SECONDS;
  return {
    besideFreeSlots,
    stalledTypes: isStall ? besideFreeSlots : new Set(),
    republish,
    farm: { stalledSince, ...kept, ...(republish ? { lastNudgedAt: now } : {}) },
  };
}

function typesWaitingBesideFreeSlots(context: Context, machines: readonly Planned[]): ReadonlySet<string> {
  const { status } = context;
  if (status === undefined) return new Set();
  const isFree = (seen: QueueMachine | undefined, maxJobs: number): boolean =>
    seen?.offered === true && seen.currentJobs < maxJobs && (seen.disabledUntil ?? 0) <= status.at;
  const waiting = machines.flatMap(({ machine, type, seen }) => {
    if (type === undefined || machine.phase !== 'ready' || !isFree(seen, type.maxJobs)) return [];
    const hasWork = status.demand.some((step) => step.runnable > 0 && covers(type, step, status.hostSystem));
    return hasWork ? [type.key] : [];
  });
  return new Set(waiting);
}
