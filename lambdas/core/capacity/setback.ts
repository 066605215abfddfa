/** What goes wrong with launches, starts and machines, how wide a rest each thing asks for, and how long. Growing, so that a lasting fault costs few calls. */
import { REASON_CHARACTERS, bounded, causeOf, isAbout, isSamePool } from './back-off.ts';
import type { Scope } from './back-off.ts';
import type { BackOff, Cause, EpochSeconds, Pool, Refusal } from '../model/index.ts';
import * as words from '../reason/words/index.ts';

/** Something that went wrong with a launch, a start or a machine. */
export interface Setback {
  /** The machine type. */
  readonly type: string;
  /** A kind of refusal, as the fleet port names them, or one of {@link MACHINE_SETBACKS}. */
  readonly kind: string;
  readonly reason: string;
  /** The pool it happened in; undefined when not told. */
  readonly pool?: Pool;
  /** Those of the launch, or of the type: what may be meant where AWS names none. */
  readonly pools: readonly Pool[];
}

/** How long one kind of setback rests what it was about, first and at most, in seconds. */
interface Rest {
  /** `launch` is as wide as what was asked for: the pools that AWS names, otherwise the market the launch was for. */
  readonly scope: 'pool' | 'spot' | 'launch' | 'type';
  readonly firstSeconds: number;
  readonly maxSeconds: number;
  readonly cause: Cause;
  readonly trial?: true;
}

const MINUTE = 60;
const HOUR = 3600;

const refusal = (scope: Rest['scope'], firstSeconds: number, maxSeconds: number): Rest => ({
  scope,
  firstSeconds,
  maxSeconds,
  cause: 'refused',
});

/**
 * Karpenter rests a pool without capacity for 3 minutes. AWS also says `unsupported` and `configuration` for want of
 * capacity and in its own outages (met by other autoscalers for up to 70 minutes), so those begin small as well.
 */
const REFUSALS: Readonly<Record<string, Rest>> = {
  capacity: refusal('pool', 3 * MINUTE, HOUR),
  unsupported: refusal('pool', 3 * MINUTE, 6 * HOUR),
  addresses: refusal('pool', 5 * MINUTE, HOUR),
  market: refusal('spot', 10 * MINUTE, HOUR),
  quota: refusal('launch', 5 * MINUTE, HOUR),
  throttled: refusal('type', 30, 5 * MINUTE),
  configuration: refusal('launch', 5 * MINUTE, HOUR),
  denied: refusal('launch', 5 * MINUTE, HOUR),
};
const OTHER = refusal('launch', MINUTE, 30 * MINUTE);

/** What becomes of machines that EC2 had accepted. */
const MACHINE_SETBACKS = {
  /** It was not ready in time. */
  'never-ready': { scope: 'type', firstSeconds: MINUTE, maxSeconds: HOUR, cause: 'never-ready', trial: true },
  /** EC2 took it in and never ran it. */
  'stuck-pending': { scope: 'pool', firstSeconds: 3 * MINUTE, maxSeconds: HOUR, cause: 'ended' },
  /** An on-demand machine ended soon, and not by our wish. */
  ended: { scope: 'type', firstSeconds: MINUTE, maxSeconds: HOUR, cause: 'ended', trial: true },
  /** So did a spot machine, for another reason than that AWS took it. */
  'spot-ended': { scope: 'pool', firstSeconds: 3 * MINUTE, maxSeconds: HOUR, cause: 'ended', trial: true },
  /** It failed whatever it was given, so it was drained: its image may be broken. */
  failing: { scope: 'type', firstSeconds: 5 * MINUTE, maxSeconds: HOUR, cause: 'ended', trial: true },
  /** AWS took a spot machine. */
  taken: { scope: 'pool', firstSeconds: 3 * MINUTE, maxSeconds: HOUR, cause: 'taken' },
  /** AWS took another one soon after: the steps of both are better off on demand. Hydra gives a step five tries. */
  'taken-again': { scope: 'spot', firstSeconds: 15 * MINUTE, maxSeconds: 4 * HOUR, cause: 'taken' },
} as const satisfies Record<string, Rest>;

export type MachineSetback = keyof typeof MACHINE_SETBACKS;

/** The back-offs after one more setback. */
export function afterSetback(
  backOffs: readonly BackOff[],
  setback: Setback,
  now: EpochSeconds,
): readonly BackOff[] {
  const known: Readonly<Record<string, Rest>> = { ...REFUSALS, ...MACHINE_SETBACKS };
  const rest = known[setback.kind] ?? OTHER;
  const scopes = scopesOf(rest, setback);
  const rested = scopes.reduce((all, scope) => restedFor(all, setback, { scope, rest }, now), backOffs);
  return rested === backOffs ? backOffs : bounded(rested);
}

/** What is left alone after a setback. Pools that all rest for one reason are told as their market. */
function scopesOf({ scope }: Rest, { pool, pools, reason }: Setback): readonly Scope[] {
  const market = (pool ?? pools[0])?.market;
  if (scope === 'spot') return [{ market: 'spot' }];
  if (scope === 'type' || market === undefined) return [{}];
  if (pool !== undefined) return [{ pool }];
  const named = pools.filter((one) => isNamed(one, reason));
  if (named.length > 0 && named.length < pools.length) return named.map((one) => ({ pool: one }));
  return pools.length === 1 && scope === 'pool' ? pools.map((one) => ({ pool: one })) : [{ market }];
}

/** Whether AWS's words name an instance type or a subnet of this pool, which may have neither. */
const isNamed = ({ instanceType, subnet }: Pool, words: string): boolean =>
  (subnet !== '' && words.includes(subnet)) || (instanceType !== '' && isWordOf(words, instanceType));

const isWordOf = (words: string, name: string): boolean =>
  words.split(/[^\w.-]+/).some((word) => word.replace(/\.$/, '') === name);

/** What already rests gets no longer rest: the machines of one launch fail together, and that is one failure. */
function restedFor(
  backOffs: readonly BackOff[],
  { type, reason }: Setback,
  { scope, rest }: { readonly scope: Scope; readonly rest: Rest },
  now: EpochSeconds,
): readonly BackOff[] {
  const isThis = (other: BackOff): boolean =>
    isAbout(other, type, scope) && isRefusal(causeOf(other)) === isRefusal(rest.cause);
  const before = backOffs.find(isThis);
  if (before !== undefined && before.until > now) return backOffs;
  const failures = (before?.failures ?? 0) + 1;
  const seconds = Math.min(rest.firstSeconds * 2 ** (failures - 1), rest.maxSeconds);
  const next: BackOff = {
    type,
    ...scope,
    failures,
    until: now + seconds,
    at: now,
    reason: reason.slice(0, REASON_CHARACTERS),
    cause: rest.cause,
    ...(rest.trial === undefined ? {} : { trial: rest.trial }),
  };
  return [...backOffs.filter((other) => !isThis(other)), next];
}

const isRefusal = (cause: Cause): boolean => cause === 'refused';

/** The back-offs after a launch that did not bring all it asked for. Where every pool of it was refused, their market rests as one. */
export function afterRefusals(
  backOffs: readonly BackOff[],
  { type, pools }: { readonly type: string; readonly pools: readonly Pool[] },
  refusals: readonly Refusal[],
  now: EpochSeconds,
): readonly BackOff[] {
  const [first] = refusals;
  const isRefused = (one: Pool): boolean => refusals.some(({ pool }) => isSamePool(one, pool));
  if (first !== undefined && pools.length > 1 && pools.every(isRefused)) {
    const reason = words.refusedInAllPools(first.code, pools.length);
    return afterSetback(backOffs, { type, kind: first.kind, reason, pools }, now);
  }
  return refusals.reduce((all, one) => {
    const { kind, pool } = one;
    const reason = words.refused(one);
    const setback = { type, pools, kind, reason, ...(pool === undefined ? {} : { pool }) };
    return afterSetback(all, setback, now);
  }, backOffs);
}
