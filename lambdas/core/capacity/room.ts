/** What the caps on all types together leave: machines, and dollars an hour; and how types share it. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import { highestPriceOf } from '../life/price.ts';
import { DOLLARS_ROUNDING } from '../model/index.ts';
import type { Prices } from '../model/index.ts';
import type { Result } from '../reason/result.ts';
import { poolsOf } from './pools.ts';

/** Either is negative where a cap has been lowered below what there is. */
export interface Room {
  readonly machines: number;
  /** An hour. Infinity without `maxDollarsPerHour`. */
  readonly dollars: number;
}

export const allRoom = ({ maxTotalMachines, maxDollarsPerHour = Infinity }: Config): Room => ({
  machines: maxTotalMachines,
  dollars: maxDollarsPerHour,
});

/** How many machines at so many dollars an hour find room; 0 at least. */
export function fitting({ machines, dollars }: Room, price: number): number {
  const affordable = price === 0 ? Infinity : Math.floor((dollars + DOLLARS_ROUNDING) / price);
  return Math.max(0, Math.min(machines, affordable));
}

/** What is left beside so many machines that each cost so much an hour. */
export const lessened = (room: Room, machines: number, price: number): Room => ({
  machines: room.machines - machines,
  dollars: room.dollars - machines * price,
});

/** Machines somebody wants room for, and what each costs, in dollars an hour. */
export interface Want {
  readonly machines: number;
  readonly price: number;
}

/** As much as each wants, in their order, until there is no room left. */
export function shareOut(wants: readonly Want[], room: Room): readonly number[] {
  let left = room;
  return wants.map(({ machines, price }) => {
    const share = Math.max(0, Math.min(machines, fitting(left, price)));
    left = lessened(left, share, price);
    return share;
  });
}

/**
 * What a new machine of a type costs at most, in dollars an hour: EC2 may take any of its pools. Nothing where dollars are
 * not limited, whether it is known or not.
 */
export function highestPrice(
  { maxDollarsPerHour }: Config,
  type: MachineType,
  prices: Prices | undefined,
): Result<number> {
  if (maxDollarsPerHour === undefined) return { ok: true, value: 0 };
  let highest = 0;
  for (const { instanceType, market } of poolsOf(type)) {
    const price = highestPriceOf(type, prices, { instanceType: instanceType || undefined, market });
    if (!price.ok) return price;
    highest = Math.max(highest, price.value);
  }
  return { ok: true, value: highest };
}

/** What caps leave to one type. */
export interface RoomOfType {
  /** Under those on all types together, handed from type to type. */
  readonly total: Room;
  /** Machines, under the type's own. */
  readonly type: number;
  /** What one more costs at most, in dollars an hour. */
  readonly price: Result<number>;
}

/** Machines there is room for under the common caps. What costs nobody knows how much cannot be held under one. */
export const affordable = ({ total, price }: RoomOfType): number =>
  price.ok ? fitting(total, price.value) : 0;
