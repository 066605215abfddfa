/** The next state, once the Hydra host has answered as well. */
import { confirmListings } from '../life/listing.ts';
import type { BackOff, EpochSeconds, Farm, Listing, Machine, StandingOffer } from '../model/index.ts';
import type { Problem } from '../model/problem.ts';
import type { Result } from '../reason/result.ts';
import type { Outcome } from './after-calls.ts';

/**
 * The machines file as it was read back, which alone proves that a line is in or out, or why it could not be put in place;
 * the next round tries again. It is waiting where it was not even tried, because the host cannot be asked.
 */
export type Published = Result<StandingOffer, Problem & { readonly isWaiting?: true }>;

/** What was published, what came of it, and when it was decided. */
export interface Publication {
  readonly listings: readonly Listing[];
  readonly published: Published;
  readonly now: EpochSeconds;
}

/** Machines and farm as they are remembered once the file was published, or not; the same objects where nothing changed. */
export function afterPublication(
  { machines, backOffs }: Pick<Outcome, 'machines' | 'backOffs'>,
  farm: Farm,
  { listings, published, now }: Publication,
): { readonly machines: readonly Machine[]; readonly farm: Farm } {
  return {
    machines: published.ok ? confirmListings(machines, listings, published.value.seen) : machines,
    farm: farmAfter(farm, backOffs, published, now),
  };
}

/** Longer words and remedies are cut: the farm's record has its bounds. */
const PROBLEM_CHARACTERS = 500;
const short = ({ says, remedy }: Problem): Problem => ({
  says: says.slice(0, PROBLEM_CHARACTERS),
  ...(remedy === undefined ? {} : { remedy: remedy.slice(0, PROBLEM_CHARACTERS) }),
});

function farmAfter(farm: Farm, backOffs: readonly BackOff[], published: Published, now: EpochSeconds): Farm {
  const { offerFailures, ...rest } = farm;
  if (published.ok && (offerFailures !== undefined || published.value.digest !== farm.offeredDigest))
    return { ...rest, backOffs, offeredDigest: published.value.digest, hasOffered: true };
  if (!published.ok && published.problem.isWaiting === undefined) {
    const { times = 0, since = now } = offerFailures ?? {};
    return { ...rest, backOffs, offerFailures: { times: times + 1, since, ...short(published.problem) } };
  }
  return backOffs === farm.backOffs ? farm : { ...farm, backOffs };
}
