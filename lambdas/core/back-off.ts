/** What is left alone after AWS refused, and for how long. Growing, so that a lasting shortage costs few calls. */
import type { MachineType } from './config/config.ts';
import type { EpochSeconds, Pool } from './model.ts';

/** A pool (or, with `pool` absent, a whole machine type) that is left alone for a while. */
export interface BackOff {
  readonly type: string;
  readonly pool?: Pool;
  readonly failures: number;
  readonly until: EpochSeconds;
  readonly reason: string;
  /** The machines themselves failed: when it ends, one at a time is launched until one gets ready. */
  readonly trial?: true;
}

/** How long one kind of refusal rests a pool (or a whole type), first and at most, in seconds. */
interface Rest {
  readonly scope: 'pool' | 'market' | 'type';
  readonly firstSeconds: number;
  readonly maxSeconds: number;
  readonly trial?: true;
}

const MINUTE = 60;
const HOUR = 3600;

/** The kinds of refusal of a launch or start, as the fleet port names them. Karpenter rests a pool for 3 minutes. */
const RESTS: Readonly<Record<string, Rest>> = {
  capacity: { scope: 'pool', firstSeconds: 3 * MINUTE, maxSeconds: HOUR },
  unsupported: { scope: 'pool', firstSeconds: 6 * HOUR, maxSeconds: 24 * HOUR },
  addresses: { scope: 'pool', firstSeconds: 5 * MINUTE, maxSeconds: HOUR },
  market: { scope: 'market', firstSeconds: 10 * MINUTE, maxSeconds: HOUR },
  quota: { scope: 'type', firstSeconds: 5 * MINUTE, maxSeconds: HOUR },
  throttled: { scope: 'type', firstSeconds: 30, maxSeconds: 5 * MINUTE },
  configuration: { scope: 'type', firstSeconds: 5 * MINUTE, maxSeconds: HOUR },
  denied: { scope: 'type', firstSeconds: 5 * MINUTE, maxSeconds: HOUR },
  'never-ready': { scope: 'type', firstSeconds: MINUTE, maxSeconds: HOUR, trial: true },
};
const OTHER: Rest = { scope: 'type', firstSeconds: MINUTE, maxSeconds: 30 * MINUTE };

/** A back-off that ended this long ago is forgotten, and the next one starts small again. */
const FORGET_SECONDS = HOUR;

const samePool = (a: Pool | undefined, b: Pool | undefined): boolean =>
  a?.instanceType === b?.instanceType && a?.subnet === b?.subnet && a?.market === b?.market;

/** Something that went wrong with a launch or a start. */
export interface Setback {
  readonly kind: string;
  readonly reason: string;
  /** The pool it happened in; undefined when nobody said, or when it concerns the whole type. */
  readonly pool?: Pool;
}

/** The back-offs after one more setback of `type`. */
export function afterSetback(
  backOffs: readonly BackOff[],
  type: string,
  setback: Setback,
  pools: readonly Pool[],
  now: EpochSeconds,
): readonly BackOff[] {
  const rest = RESTS[setback.kind] ?? OTHER;
  const resting = poolsToRest(rest, setback, pools);
  return resting.reduce((all, pool) => rested(all, type, pool, rest, setback.reason, now), backOffs);
}

function poolsToRest(rest: Rest, { pool }: Setback, pools: readonly Pool[]): readonly (Pool | undefined)[] {
  if (rest.scope === 'type') return [undefined];
  if (rest.scope === 'pool') return pool === undefined ? pools : [pool];
  return pools.filter(({ market }) => market === 'spot');
}

function rested(
  backOffs: readonly BackOff[],
  type: string,
  pool: Pool | undefined,
  rest: Rest,
  reason: string,
  now: EpochSeconds,
): readonly BackOff[] {
  const isThis = (other: BackOff): boolean => other.type === type && samePool(other.pool, pool);
  const before = backOffs.find(isThis);
  if (before !== undefined && before.until > now) return backOffs;
  const failures = (before?.failures ?? 0) + 1;
  const seconds = Math.min(rest.firstSeconds * 2 ** (failures - 1), rest.maxSeconds);
  const next: BackOff = {
    type,
    failures,
    until: now + seconds,
    reason,
    ...(pool === undefined ? {} : { pool }),
    ...(rest.trial === undefined ? {} : { trial: rest.trial }),
  };
  return [...backOffs.filter((other) => !isThis(other)), next];
}

/** The back-offs after something worked: `pool` (or the type, when undefined) starts afresh. */
export function afterSuccess(
  backOffs: readonly BackOff[],
  type: string,
  pool: Pool | undefined,
): readonly BackOff[] {
  const kept = backOffs.filter((other) => other.type !== type || !samePool(other.pool, pool));
  return kept.length === backOffs.length ? backOffs : kept;
}

const isRemembered = ({ until }: BackOff, now: EpochSeconds): boolean => now < until + FORGET_SECONDS;

/** Drops what ended long ago and what belongs to types that are not configured any more. */
export function withoutOld(
  backOffs: readonly BackOff[],
  types: readonly MachineType[],
  now: EpochSeconds,
): readonly BackOff[] {
  const known = new Set(types.map(({ key }) => key));
  const kept = backOffs.filter((backOff) => known.has(backOff.type) && isRemembered(backOff, now));
  return kept.length === backOffs.length ? backOffs : kept;
}

/** The back-off that keeps a pool (or the type, when `pool` is undefined) from being used now. */
export function activeBackOff(
  backOffs: readonly BackOff[],
  type: string,
  pool: Pool | undefined,
  now: EpochSeconds,
): BackOff | undefined {
  return backOffs.find((other) => other.type === type && samePool(other.pool, pool) && other.until > now);
}

/** The remembered failure of a type's own machines, if the next one is to be tried alone. It may have ended. */
export const trialOf = (backOffs: readonly BackOff[], type: string, now: EpochSeconds): BackOff | undefined =>
  backOffs.find(
    (backOff) =>
      backOff.type === type &&
      backOff.pool === undefined &&
      backOff.trial === true &&
      isRemembered(backOff, now),
  );
