/** Tells the queue runner which machines there are; then what came of it all is saved. */
import type { Decided } from '../core/account/account.ts';
import { messageOf } from '../core/text/message-of.ts';
import { runnerOf } from '../core/life/runner.ts';
import type { Farm, Machine, Observation } from '../core/model/index.ts';
import { inContext } from '../core/reason/problem.ts';
import { OfferError } from '../ports.ts';
import { afterOffer } from '../core/plan/after-offer.ts';
import type { Offered } from '../core/plan/after-offer.ts';
import type { HydraHost, Wanted } from '../ports.ts';
import { LEASE_SECONDS } from './lease.ts';
import type { Acted, Round } from './round.ts';
import { changed, forgetOrders, offerable, saveWhatIsPossible } from './save.ts';

/**
 * Phases in which a machine is to be withdrawn, and to stay so: AWS may refuse to end it for a while, and others may have
 * offered what was never ready.
 */
const NOT_OFFERED: ReadonlySet<Machine['phase']> = new Set([
  'booting',
  'failed',
  'draining',
  'stopping',
  'terminating',
]);

/** A lease with so many seconds left outlives any one stage of a round. */
const ENOUGH_SECONDS = LEASE_SECONDS - 20;

/** What came of an offer. */
export interface Announced {
  /** It is verified, of all machines of which it could be. */
  readonly isOffered: boolean;
  /** Machines are to be offered of which it could not be: such as those that cannot be reached yet. */
  readonly isPartial: boolean;
  /** The farm's record as it was saved. */
  readonly farm: Farm;
}

/**
 * @throws LeaseLostError when another tick has taken over: what came of the calls is then left to that one to find.
 */
export async function announce(
  round: Round,
  { observation, plan }: Decided,
  { outcome, unsaved }: Acted,
): Promise<Announced> {
  const { store, host, clock } = round.ports;
  const offers = offerable(observation, plan, unsaved);
  const withdrawn = outcome.machines.filter(({ phase }) => NOT_OFFERED.has(phase));
  const offered = await offer(host, observation, { offers, withdrawn, nudge: plan.nudge });
  if (!offered.ok)
    round.report.problem('the queue runner could not be told which machines there are', offered.problem);
  // After a quick look and no long offer it has nearly all of its time yet.
  if (round.lease.until - clock.now() < ENOUGH_SECONDS)
    await store.renew(round.lease, clock.now(), LEASE_SECONDS);
  const after = afterOffer(outcome, plan.farm, { offers, offered, now: observation.now });
  await saveWhatIsPossible(round, {
    ...(after.farm === plan.farm ? {} : { farm: after.farm }),
    machines: changed(plan.machines, after.machines),
    closedMachines: [],
    launches: [],
    closedLaunches: outcome.answeredLaunches,
  });
  await forgetOrders(store, observation, plan);
  round.report.add({ machines: after.machines });
  const unproven = (offered.ok && offered.value.unproven) || new Set();
  const isPartial = offers.some(({ machine }) => unproven.has(machine.instanceId));
  return { isOffered: offered.ok, isPartial, farm: after.farm };
}

/** Makes the plan's offer, unless the host cannot be asked. Never throws: without an answer nothing is proven. */
export async function offer(
  host: HydraHost,
  observation: Observation,
  wanted: Pick<Wanted, 'offers' | 'withdrawn' | 'nudge'>,
): Promise<Offered> {
  const { offer: standing, queue } = observation;
  if (standing === undefined && !queue.trusted && queue.cause === 'unreachable')
    return {
      ok: false,
      problem: { ...inContext('this waits until the host can be asked', queue), isWaiting: true },
    };
  try {
    const value = await host.offer({ ...wanted, runner: runnerOf(observation), standing, queue });
    return { ok: true, value };
  } catch (error) {
    const problem = error instanceof OfferError ? error.problem : { says: messageOf(error) };
    return { ok: false, problem };
  }
}
