/** Tells the queue runner which machines there are, and people what they asked to be told; then what came of it all is saved. */
import type { Decided } from '../core/account/account.ts';
import { messageOf } from '../core/text/message-of.ts';
import type { Listing, Observation } from '../core/model/index.ts';
import type { Published } from '../core/plan/after-offer.ts';
import { afterPublication } from '../core/plan/after-offer.ts';
import { inContext } from '../core/reason/problem.ts';
import { PublishError } from '../ports.ts';
import type { HydraHost } from '../ports.ts';
import { LEASE_SECONDS } from './lease.ts';
import type { Acted, Round } from './round.ts';
import { changed, forgetOrders, listable, saveWhatIsPossible } from './save.ts';

/**
 * Returns whether the file lies in place.
 * @throws LeaseLostError when another tick has taken over: what came of the calls is then left to that one to find.
 */
export async function announce(
  round: Round,
  { observation, plan }: Decided,
  { outcome, unsaved }: Acted,
): Promise<boolean> {
  const { store, host, clock, notifier } = round.ports;
  const listings = listable(observation, plan, unsaved);
  const published = await publish(host, observation, listings, plan.republish);
  if (!published.ok) round.report.problem('the machines file could not be published', published.problem);
  await store.renew(round.lease, clock.now(), LEASE_SECONDS);
  const after = afterPublication(outcome, plan.farm, { listings, published, now: observation.now });
  await saveWhatIsPossible(round, {
    ...(after.farm === plan.farm ? {} : { farm: after.farm }),
    machines: changed(plan.machines, after.machines),
    closedMachines: [],
    launches: [],
    closedLaunches: outcome.answeredLaunches,
  });
  await forgetOrders(store, observation, plan);
  // What was told could not be remembered without the farm's record, and would be told again every tick.
  if (notifier !== undefined && !unsaved.includes('farm'))
    await Promise.all(plan.notices.map(({ subject, text }) => notifier.notify(subject, text)));
  round.report.add({ machines: after.machines });
  return published.ok;
}

/** Puts the plan's machines file in place, unless the host cannot be asked. Never throws: without a file nothing is proven. */
export async function publish(
  host: HydraHost,
  { offer, queue }: Observation,
  listings: readonly Listing[],
  republish: boolean,
): Promise<Published> {
  if (offer === undefined && !queue.trusted && queue.cause === 'unreachable')
    return { ok: false, problem: { ...inContext('the machines file waits', queue), isWaiting: true } };
  try {
    return { ok: true, value: await host.publish(listings, offer, republish) };
  } catch (error) {
    const problem = error instanceof PublishError ? error.problem : { says: messageOf(error) };
    return { ok: false, problem };
  }
}
