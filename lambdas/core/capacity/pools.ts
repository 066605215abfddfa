/** Where machines of a type can come from, which of it may be used now, and where one came from. */
import { causeOf, isAbout, restOfPool, trialOf } from './back-off.ts';
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

/** The instance type of a pool in which EC2 chooses one. */
const ANY = '';

/** EC2 takes requirements in no more places of one request (AWS: docs/develop/facts.md#ec2-instance-requirements). */
const PLACES_OF_LAUNCH_MAX = 4;

/** All pools of a type, in the configured order, on the preferred market first. Where EC2 chooses the instance type, one for each subnet. */
export function poolsOf(type: MachineType): readonly Pool[] {
  const subnets = type.subnets.length === 0 ? [''] : type.subnets;
  const instanceTypes = type.instanceRequirements === undefined ? type.instanceTypes : [ANY];
  return marketsOf(type).flatMap((market) =>
    instanceTypes.flatMap((instanceType) => subnets.map((subnet) => ({ instanceType, subnet, market }))),
  );
}

/** The pool an instance lies in, as far as EC2 tells it: one that is gone has no subnet any more. */
export function poolIn(instance: Instance | undefined): Pool | undefined {
  if (instance?.instanceType === undefined) return undefined;
  return { instanceType: instance.instanceType, subnet: instance.subnet ?? '', market: instance.market };
}

/**
 * The pool of its type a machine came from; undefined where neither launch nor EC2 told, or the type has changed. It has
 * the instance type the machine is of, also where EC2 has chosen that.
 */
export function poolOf(
  type: MachineType,
  { pool }: Machine,
  instance: Instance | undefined,
): Pool | undefined {
  const [own, shown] = [pool, poolIn(instance)];
  for (const one of poolsOf(type)) {
    const it = [own, shown].find((other) => other !== undefined && liesIn(one, other));
    if (it !== undefined) return { ...one, instanceType: it.instanceType };
  }
  return undefined;
}

const liesIn = ({ instanceType, subnet, market }: Pool, other: Pool): boolean =>
  (instanceType === ANY ? other.instanceType !== ANY : instanceType === other.instanceType) &&
  market === other.market &&
  (subnet === '' || subnet === other.subnet);

/** What one launch may use. */
export interface UsablePools {
  readonly pools: readonly Pool[];
  /** Instance types that EC2 must leave out, where it chooses; absent for none. */
  readonly without?: readonly string[];
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
  if (type.instanceRequirements !== undefined) return usablePlaces(type, backOffs, ofMarket, now);
  const lost = (pool: Pool): BackOff | undefined => trialOf(backOffs, type.key, { pool }, now);
  const sound = ofMarket.filter((pool) => lost(pool) === undefined);
  const trial = sound.length === 0 ? ofMarket.map(lost).find((one) => one !== undefined) : undefined;
  const pools = (sound.length === 0 ? ofMarket : sound).slice(0, POOLS_OF_LAUNCH_MAX);
  return { pools, ...(trial === undefined ? {} : { trial }) };
}

/**
 * Where EC2 chooses, what rests or lately lost machines is left out of its choice. EC2 wants the same requirements in all
 * places of a request, so one launch takes those that leave out what the first one does. What lost machines is chosen
 * from again, for a trial, once EC2 has had nothing else.
 */
function usablePlaces(
  { key }: MachineType,
  backOffs: readonly BackOff[],
  places: readonly Pool[],
  now: EpochSeconds,
): UsablePools {
  const [first] = places;
  if (first === undefined) return { pools: [] };
  const wasRefused = backOffs.some(
    (one) =>
      causeOf(one) === 'refused' &&
      places.some((pool) => isAbout(one, key, { pool }) || isAbout(one, key, { market: pool.market })),
  );
  const lost = backOffs.filter(({ pool }) => pool !== undefined && trialOf(backOffs, key, { pool }, now));
  const left = (place: Pool): readonly string[] =>
    backOffs
      .filter((one) => one.until > now || (!wasRefused && lost.includes(one)))
      .flatMap(({ type, pool }) => (type === key && pool !== undefined && liesIn(place, pool) ? [pool] : []))
      .map(({ instanceType }) => instanceType)
      .toSorted();
  const without = [...new Set(left(first))];
  const alike = places.filter((place) => String([...new Set(left(place))]) === String(without));
  const trial = wasRefused ? lost.find(({ pool }) => pool !== undefined && liesIn(first, pool)) : undefined;
  return {
    pools: alike.slice(0, PLACES_OF_LAUNCH_MAX),
    ...(without.length === 0 ? {} : { without }),
    ...(trial === undefined ? {} : { trial }),
  };
}
