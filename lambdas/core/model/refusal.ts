/** What EC2 answers to a launch, a start, a stop or a termination, in our words. */
import type { Pool } from './pool.ts';
import type { Problem } from './problem.ts';

/**
 * What an AWS refusal means for us, whatever its name.
 * - `capacity`: this pool has none now; another pool may.
 * - `unsupported`: this pool will not have it for long (instance type not in the zone).
 * - `addresses`: this subnet has no free address.
 * - `market`: spot cannot be had at all now (quota, price); on-demand may.
 * - `quota`: the region's limit; another pool is no use.
 * - `throttled`: ask again later.
 * - `configuration`, `denied`: will fail until a person changes something.
 * - `not-found`, `wrong-state`: the instance is not (yet, or no longer) what we thought; look again.
 * - `unknown`: anything else.
 */
export type RefusalKind =
  | 'capacity'
  | 'unsupported'
  | 'addresses'
  | 'market'
  | 'quota'
  | 'throttled'
  | 'configuration'
  | 'denied'
  | 'not-found'
  | 'wrong-state'
  | 'unknown';

/** One refusal, in AWS's words, cut. `pool` is set where AWS said which one it was about. */
export interface Refusal extends Problem {
  readonly kind: RefusalKind;
  readonly code: string;
  readonly pool?: Pool;
}

/** The code of what is not a refusal at all: the call may have done its work, and only its answer is missing. */
export const NO_ANSWER = 'NoAnswer';

/** What became of an action that AWS did not accept, in words that the refusal goes on from. */
export const outcomeInWords = ({ code }: Refusal): string =>
  code === NO_ANSWER ? 'may or may not have been carried out' : `was refused: ${code}`;

/** `answered: false` means it is unknown whether anything was launched: send the same launch again. */
export type LaunchResult =
  | {
      readonly answered: true;
      readonly instanceIds: readonly string[];
      /** Where instances came from, by their ids; those AWS did not say it of are not in here. */
      readonly pools: ReadonlyMap<string, Pool>;
      readonly refusals: readonly Refusal[];
    }
  | { readonly answered: false; readonly reason: string };

/** The outcome for one instance of a start, stop or terminate. */
export interface InstanceResult {
  readonly instanceId: string;
  /** Absent when it was accepted. */
  readonly refusal?: Refusal;
}
