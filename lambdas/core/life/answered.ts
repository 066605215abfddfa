/** What the answers to our calls make of a machine: launched, not started, not to be stopped. */
import { begin, move } from './phases.ts';
import type { Billing, EpochSeconds, Launch, Machine, Pool, Refusal } from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import { servedBy, serving } from './runner.ts';

/** The first rest of a machine whose start was refused, and the longest, in seconds. */
const START_REST_SECONDS = 60;
const START_REST_SECONDS_MAX = 3600;

/** Kinds of refusal that another machine of the same pool would meet as well. */
const ABOUT_POOL: ReadonlySet<string> = new Set([
  'capacity',
  'unsupported',
  'addresses',
  'market',
  'quota',
  'throttled',
]);

/** Whether AWS spoke of the pool, and not of the machine alone. */
export const isAboutPool = ({ kind }: Refusal): boolean => ABOUT_POOL.has(kind);

/** EC2 answered a launch with this machine. @param pool where it said so. */
export const launched = (
  { id, type, ...launch }: Launch,
  born: { readonly instanceId: string; readonly billing: Billing; readonly pool: Pool | undefined },
  now: EpochSeconds,
): Machine => {
  const { instanceId, billing, pool } = born;
  const fields = {
    ...{ instanceId, type, launchId: id, billing },
    ...serving(servedBy(launch)),
    ...(pool === undefined ? {} : { pool }),
  };
  return begin('launched', fields, words.launched, now);
};

/** It is still stopped, and rests by itself where AWS spoke of it alone. */
export function startRefused(machine: Machine, refusal: Refusal, reason: string, now: EpochSeconds): Machine {
  const still = move(machine, 'startRefused', reason, now);
  return isAboutPool(refusal) ? still : { ...still, starts: afterRefusedStart(still.starts, now) };
}

function afterRefusedStart(before: Machine['starts'], now: EpochSeconds): NonNullable<Machine['starts']> {
  const refused = (before?.refused ?? 0) + 1;
  const seconds = Math.min(START_REST_SECONDS * 2 ** (refused - 1), START_REST_SECONDS_MAX);
  return { undone: before?.undone ?? 0, refused, until: now + seconds };
}

/**
 * What can never be stopped would be asked again and again, and paid for: it is drained, so it is terminated instead.
 * Any other refusal leaves the machine as it is.
 */
export function stopRefused(machine: Machine, refusal: Refusal, now: EpochSeconds): Machine {
  if (!refusal.code.startsWith('Unsupported')) return machine;
  return move(machine, 'cannotBeStopped', words.cannotBeStopped(refusal), now);
}
