/**
 * The stalled dispatcher: steps can wait beside a free slot until something wakes the queue runner. Then it is nudged, and
 * no machine is launched.
 */
import type { Farm } from '../model/index.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';

/** Work waits beside a free slot for this long, in seconds, before it is called a stall. */
const STALL_SECONDS = 60;

export interface Dispatcher {
  /** Types whose work waits beside their own free slots, if only for a moment. */
  readonly besideFreeSlots: ReadonlySet<string>;
  /** Those of them for which that is a stall. */
  readonly stalledTypes: ReadonlySet<string>;
  readonly nudge: boolean;
  readonly farm: Pick<Farm, 'stalledSince' | 'lastNudgedAt'>;
}

export function judgeDispatcher(context: Context, machines: readonly Planned[]): Dispatcher {
  const { now, state } = context.observation;
  const { lastNudgedAt } = state.farm;
  const kept = lastNudgedAt === undefined ? {} : { lastNudgedAt };
  const besideFreeSlots = context.dialect.besideFreeSlots(context, machines);
  if (besideFreeSlots.size === 0)
    return { besideFreeSlots, stalledTypes: besideFreeSlots, nudge: false, farm: kept };
  const stalledSince = state.farm.stalledSince ?? now;
  const isStall = now - stalledSince >= STALL_SECONDS;
  const nudge = isStall && now - (lastNudgedAt ?? 0) >= STALL_SECONDS;
  return {
    besideFreeSlots,
    stalledTypes: isStall ? besideFreeSlots : new Set(),
    nudge,
    farm: { stalledSince, ...kept, ...(nudge ? { lastNudgedAt: now } : {}) },
  };
}
