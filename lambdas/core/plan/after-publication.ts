/** The next state, once the Hydra host has answered as well. */
import { confirmListings } from '../life/listing.ts';
import type { BackOff, EpochSeconds, Farm, Listing, Machine, StandingOffer } from '../model/index.ts';
import type { Problem } from '../model/problem.ts';
import type { Outcome } from './after-calls.ts';

/** What became of the machines file. */
export interface Published {
  /** As it was read back; only that proves that a line is in or out. */
  readonly file?: StandingOffer;
  /** Why it could not be put in place; the next round tries again. */
  readonly problem?: Problem;
  /** It was not even tried, because the host cannot be asked. */
  readonly isWaiting?: true;
}

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
  const { file } = published;
  return {
    machines: file === undefined ? machines : confirmListings(machines, listings, file.seen),
    farm: farmAfter(farm, backOffs, published, now),
  };
}

/** Longer reasons and remedies are cut: the farm's record has its bounds. */
const REASON_CHARACTERS = 500;

function farmAfter(
  farm: Farm,
  backOffs: readonly BackOff[],
  { file, problem, isWaiting }: Published,
  now: EpochSeconds,
): Farm {
  const { offerFailures, ...rest } = farm;
  if (file !== undefined && (offerFailures !== undefined || file.digest !== farm.offeredDigest))
    return { ...rest, backOffs, offeredDigest: file.digest, hasOffered: true };
  if (problem !== undefined && isWaiting === undefined) {
    const { times = 0, since = now } = offerFailures ?? {};
    const says = problem.says.slice(0, REASON_CHARACTERS);
    const remedy = problem.remedy?.slice(0, REASON_CHARACTERS);
    const why = remedy === undefined ? { says } : { says, remedy };
    return { ...rest, backOffs, offerFailures: { times: times + 1, since, ...why } };
  }
  return backOffs === farm.backOffs ? farm : { ...farm, backOffs };
}
