/** What is left alone after something went wrong there, and until when; `setback.ts` says what goes wrong, and for how long. */
import * as words from '../reason/words/index.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { BackOff, Cause, EpochSeconds, Market, Pool } from '../model/index.ts';

/** What a back-off is about: one pool, one market, or (with neither) the type. */
export interface Scope {
  readonly pool?: Pool;
  readonly market?: Market;
}

/** A back-off that ended this long ago, in seconds, is forgotten, and the next one starts small again. */
const FORGET_SECONDS = 3600;
/** AWS's sentences are longer; what a person needs of one stands at its beginning. */
export const REASON_CHARACTERS = 160;
/** Pools that rest one by one, of a type and in all: beyond that their market rests, so that the farm's record stays small. */
export const POOLS_OF_TYPE_MAX = 100;
export const POOLS_MAX = 150;

export const isSamePool = (a: Pool | undefined, b: Pool | undefined): boolean =>
  a?.instanceType === b?.instanceType && a?.subnet === b?.subnet && a?.market === b?.market;

export const isAbout = (backOff: BackOff, type: string, { pool, market }: Scope): boolean =>
  backOff.type === type && isSamePool(backOff.pool, pool) && backOff.market === market;

export const causeOf = ({ cause, trial }: BackOff): Cause =>
  cause ?? (trial === undefined ? 'refused' : 'never-ready');

/** What keeps a whole type from being used now, the longest first. */
export const restOfType = (
  backOffs: readonly BackOff[],
  type: string,
  now: EpochSeconds,
): BackOff | undefined =>
  longest(
    backOffs.filter((backOff) => isAbout(backOff, type, {})),
    now,
  );

/** What keeps a pool of a type from being used now: its own rest, or that of its market; not that of the type. */
export const restOfPool = (
  backOffs: readonly BackOff[],
  type: string,
  pool: Pool,
  now: EpochSeconds,
): BackOff | undefined =>
  longest(
    backOffs.filter(
      (backOff) => isAbout(backOff, type, { pool }) || isAbout(backOff, type, { market: pool.market }),
    ),
    now,
  );

const longest = (backOffs: readonly BackOff[], now: EpochSeconds): BackOff | undefined =>
  backOffs.filter(({ until }) => until > now).toSorted((a, b) => b.until - a.until)[0];

/** The remembered failure of the machines themselves, of a type or of a pool of it, which may have ended. */
export const trialOf = (
  backOffs: readonly BackOff[],
  type: string,
  scope: Scope,
  now: EpochSeconds,
): BackOff | undefined =>
  backOffs.find(
    (backOff) => isAbout(backOff, type, scope) && backOff.trial === true && isRemembered(backOff, now),
  );

const isRemembered = ({ until }: BackOff, now: EpochSeconds): boolean => now < until + FORGET_SECONDS;

/** A launch or start that AWS carried out whole: its pools, their market and the type are no longer refused. */
export const afterAcceptance = (
  backOffs: readonly BackOff[],
  type: string,
  pools: readonly Pool[],
): readonly BackOff[] =>
  without(
    backOffs,
    (backOff) =>
      backOff.type === type &&
      causeOf(backOff) === 'refused' &&
      (backOff.pool === undefined
        ? backOff.market === undefined || backOff.market === pools[0]?.market
        : pools.some((pool) => isSamePool(pool, backOff.pool))),
  );

/** A machine of the type got ready: others will. Whether they last is another question. */
export const afterReady = (backOffs: readonly BackOff[], type: string): readonly BackOff[] =>
  without(backOffs, (backOff) => backOff.type === type && causeOf(backOff) === 'never-ready');

/**
 * A machine started after its kind had failed has lasted: so does what comes from its pool and market, and so do the
 * type's machines.
 */
export const afterLasting = (
  backOffs: readonly BackOff[],
  type: string,
  pool: Pool | undefined,
  startedAt: EpochSeconds,
): readonly BackOff[] =>
  without(
    backOffs,
    (backOff) =>
      backOff.type === type &&
      (causeOf(backOff) === 'ended' || causeOf(backOff) === 'taken') &&
      (backOff.at ?? 0) < startedAt &&
      (backOff.pool === undefined
        ? backOff.market === undefined || backOff.market === pool?.market
        : isSamePool(backOff.pool, pool)),
  );

/** What a person wants tried again: nothing that went wrong up to then keeps the type from it. */
export const afterRetry = (
  backOffs: readonly BackOff[],
  type: string,
  askedAt: EpochSeconds,
): readonly BackOff[] =>
  without(backOffs, (backOff) => backOff.type === type && (backOff.at ?? 0) <= askedAt);

/** Drops what ended long ago and what belongs to types no longer configured. */
export function withoutOld(
  backOffs: readonly BackOff[],
  types: readonly MachineType[],
  now: EpochSeconds,
): readonly BackOff[] {
  const known = new Set(types.map(({ key }) => key));
  return without(backOffs, (backOff) => !known.has(backOff.type) || !isRemembered(backOff, now));
}

/** The same list when nothing is dropped. */
function without(backOffs: readonly BackOff[], isOver: (backOff: BackOff) => boolean): readonly BackOff[] {
  const kept = backOffs.filter((backOff) => !isOver(backOff));
  return kept.length === backOffs.length ? backOffs : kept;
}

/** Few enough for the farm's record: of the type with the most resting pools the market rests instead, as long as the last of them. */
export function bounded(backOffs: readonly BackOff[]): readonly BackOff[] {
  const pools = backOffs.filter(({ pool }) => pool !== undefined);
  const most = [
    ...Map.groupBy(pools, ({ type, pool }) => JSON.stringify([type, pool?.market])).values(),
  ].toSorted((a, b) => b.length - a.length)[0];
  if (most === undefined || (most.length <= POOLS_OF_TYPE_MAX && pools.length <= POOLS_MAX)) return backOffs;
  const last = most.reduce((a, b) => (b.until > a.until ? b : a));
  const { pool, ...rest } = last;
  const whole = { ...rest, ...(pool === undefined ? {} : { market: pool.market }) };
  const reason = words.poolsRest(most.length, last.reason).slice(0, REASON_CHARACTERS);
  const others = backOffs.filter((backOff) => !most.includes(backOff) && !isAbout(backOff, last.type, whole));
  return bounded([...others, { ...whole, reason }]);
}
