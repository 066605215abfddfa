/** The next state, once the Hydra host has answered as well. */
import type { Offer, VerifiedOffer } from '../life/dialect.ts';
import { confirmOffers } from '../life/offering.ts';
import type { BackOff, EpochSeconds, Farm, Machine } from '../model/index.ts';
import type { Problem } from '../model/problem.ts';
import type { Result } from '../reason/result.ts';
import type { Outcome } from './after-calls.ts';

/**
 * What is offered as it was read back, which alone proves that a machine is offered or withdrawn, or why it could not be;
 * the next round tries again. It is waiting where it was not even tried, because the host cannot be asked.
 */
export type Offered = Result<VerifiedOffer, Problem & { readonly isWaiting?: true }>;

/** What was offered, what came of it, and when it was decided. */
export interface Offering {
  readonly offers: readonly Offer[];
  readonly offered: Offered;
  readonly now: EpochSeconds;
}

/** Machines and farm as they are remembered once they were offered, or not; the same objects where nothing changed. */
export function afterOffer(
  { machines, backOffs }: Pick<Outcome, 'machines' | 'backOffs'>,
  farm: Farm,
  { offers, offered, now }: Offering,
): { readonly machines: readonly Machine[]; readonly farm: Farm } {
  const ids = new Set(offers.map(({ machine }) => machine.instanceId));
  return {
    machines: offered.ok ? confirmOffers(machines, ids, offered.value) : machines,
    farm: farmAfter(farm, backOffs, offered, now),
  };
}

/** Longer words and remedies are cut: the farm's record has its bounds. */
const PROBLEM_CHARACTERS = 500;
const short = ({ says, remedy }: Problem): Problem => ({
  says: says.slice(0, PROBLEM_CHARACTERS),
  ...(remedy === undefined ? {} : { remedy: remedy.slice(0, PROBLEM_CHARACTERS) }),
});

function farmAfter(farm: Farm, backOffs: readonly BackOff[], offered: Offered, now: EpochSeconds): Farm {
  const { offerFailures, ...rest } = farm;
  if (offered.ok && (offerFailures !== undefined || offered.value.digest !== farm.offeredDigest))
    return { ...rest, backOffs, offeredDigest: offered.value.digest, hasOffered: true };
  if (!offered.ok && offered.problem.isWaiting === undefined) {
    const { times = 0, since = now } = offerFailures ?? {};
    return { ...rest, backOffs, offerFailures: { times: times + 1, since, ...short(offered.problem) } };
  }
  return backOffs === farm.backOffs ? farm : { ...farm, backOffs };
}
