/**
 * How fast the machines file says that machines are. The queue runner gives a step to the machine with the least load, which
 * is its jobs by its speed, rounded; of those to the fastest, then to the one with most jobs
 * (measured: docs/develop/facts.md#which-machine-a-step-goes-to). So speed alone decides where steps go.
 */
import type { MachineType } from '../../../core/config/machine-type.ts';
import type { Offer } from '../../../core/life/dialect.ts';

/** What a line can say at most; see `renderMachinesFile`. */
const FASTEST = 1e6;
/** Between machines of one type: small beside what people set, and more than a `float` can tell apart. */
const RANK = 1e-4;
/** A `float` holds no more digits. */
const DIGITS = 7;

type Types = readonly MachineType[];

/**
 * What the speeds of packed types are multiplied by, 1 or more: whatever runs on one of their machines is then less than
 * half a load, which rounds to none, and the fullest one is filled first. One number for all of them, so that what people
 * set between types stays as it is.
 */
export const packingScale = (types: Types): number =>
  Math.max(
    1,
    ...types
      .filter(({ placement }) => placement === 'pack')
      .map(({ maxJobs, speedFactor }) => (2 * maxJobs + 1) / Math.min(1, speedFactor)),
  );

/** The speed of a type's machines, from which those paid by the hour differ a little. */
export const speedOf = (types: Types, { placement, speedFactor }: MachineType): number =>
  placement === 'spread' ? speedFactor : Math.min(FASTEST, speedFactor * packingScale(types));

/** The speed of each machine that is offered. */
export function speedsOf(types: Types, offers: readonly Offer[]): (offer: Offer) => number {
  const scale = packingScale(types);
  const ranks = ranksOf(offers);
  return ({ machine, type }) => {
    if (type.placement === 'spread') return type.speedFactor;
    const rank = ranks.get(machine.instanceId) ?? 0;
    const speed = Math.min(FASTEST, type.speedFactor * scale * (1 + rank * RANK));
    return Number(speed.toPrecision(DIGITS));
  };
}

/**
 * Of machines paid by the hour the newest is filled first: it has most of what is paid before it, and the others get rid of
 * their steps before their hours turn. The order of their starts stays, and so does the file.
 */
function ranksOf(offers: readonly Offer[]): ReadonlyMap<string, number> {
  const paid = offers.filter(
    ({ machine, type }) => machine.billing === 'hourly' && type.placement === 'pack',
  );
  const byType = Map.groupBy(paid, ({ type }) => type.key);
  return new Map(
    [...byType.values()].flatMap((same) =>
      same.toSorted(oldestFirst).map(({ machine }, rank): [string, number] => [machine.instanceId, rank]),
    ),
  );
}

function oldestFirst({ machine: a }: Offer, { machine: b }: Offer): number {
  const [startA = a.phaseSince, startB = b.phaseSince] = [a.startedAt, b.startedAt];
  return startA - startB || (a.instanceId < b.instanceId ? -1 : 1);
}
