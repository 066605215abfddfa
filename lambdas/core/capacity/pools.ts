/** Where machines of a type can come from, which of it may be used now, and where one came from. */
import { restOfPool, trialOf } from './back-off.ts';
import type { BackOff, EpochSeconds, Instance, Machine, Market, Pool } from '../model/index.ts';
import type { MachineType } from '../config/machine-type.ts';

/**
 * One launch names no more pools than this: EC2 documents at most 300 for other kinds of fleet, and refuses a request
 * body that grows too large.
 */
const POOLS_OF_LAUNCH_MAX = 150;

/** The markets a type may launch on, the preferred one first. */
export const marketsOf = ({ market }: MachineType): readonly Market[] =>
  market === 'spot-then-on-demand' ? ['spot', 'on-demand'] : [market];

/** All pools of a type, in the configured order, on the preferred market first. */
export function poolsOf(type: MachineType): readonly Pool[] {
  const subnets = type.subnets.length === 0 ? [''] : type.subnets;
  return marketsOf(type).flatMap((market) =>
    type.instanceTypes.flatMap((instanceType) => subnets.map((subnet) => ({ instanceType, subnet, market }))),
  );
}

/** The pool an instance lies in, as far as EC2 tells it: one that is gone has no subnet any more. */
export function poolIn(instance: Instance | undefined): Pool | undefined {
  if (instance?.instanceType === undefined) return undefined;
  return { instanceType: instance.instanceType, subnet: instance.subnet ?? '', market: instance.market };
}

/** The pool of its type a machine came from; undefined where neither launch nor EC2 told, or the type has changed. */
export function poolOf(
  type: MachineType,
  { pool }: Machine,
  instance: Instance | undefined,
): Pool | undefined {
  const [own, shown] = [pool, poolIn(instance)];
  const isIt = ({ instanceType, subnet, market }: Pool, other: Pool): boolean =>
    instanceType === other.instanceType &&
    market === other.market &&
    (subnet === '' || subnet === other.subnet);
  return poolsOf(type).find(
    (one) => (own !== undefined && isIt(one, own)) || (shown !== undefined && isIt(one, shown)),
  );
}

/** What one launch may use. */
export interface UsablePools {
  readonly pools: readonly Pool[];
  /** Set where all of them lately lost machines: one machine is to show whether they are any better now. */
  readonly trial?: BackOff;
}

/**
 * The pools one launch may use now: those not resting, all on one market, spot before on-demand; those that lately lost
 * machines only where there are no others.
 */
export function usablePools(type: MachineType, backOffs: readonly BackOff[], now: EpochSeconds): UsablePools {
  const rested = poolsOf(type).filter((pool) => restOfPool(backOffs, type.key, pool, now) === undefined);
  const ofMarket = rested.filter(({ market }) => market === rested[0]?.market);
  const lost = (pool: Pool): BackOff | undefined => trialOf(backOffs, type.key, { pool }, now);
  const sound = ofMarket.filter((pool) => lost(pool) === undefined);
  const trial = sound.length === 0 ? ofMarket.map(lost).find((one) => one !== undefined) : undefined;
  const pools = (sound.length === 0 ? ofMarket : sound).slice(0, POOLS_OF_LAUNCH_MAX);
  return { pools, ...(trial === undefined ? {} : { trial }) };
}
