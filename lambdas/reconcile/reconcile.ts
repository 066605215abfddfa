/**
 * The tick: observe, plan, act, announce, report, until settled. An event only wakes it; everything is decided from
 * what is seen. A tick may die between any two lines here, and the next one goes on from what was saved.
 */
import { messageOf } from '../core/message-of.ts';
import { checkPlan } from '../core/check/check-plan.ts';
import type { Config } from '../core/config/config.ts';
import type { Observation } from '../core/model/index.ts';
import { noticesOf } from '../core/notices.ts';
import type { Notice } from '../core/notices.ts';
import { makePlan } from '../core/plan/plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import { LeaseLostError } from '../ports.ts';
import type { Lease, Reporter } from '../ports.ts';
import { outcomeInWords } from '../refusals.ts';
import { act } from './act.ts';
import { announce, farmAfter } from './announce.ts';
import { LEASE_SECONDS, ROUND_SECONDS, takeLease } from './lease.ts';
import type { TickTerms } from './lease.ts';
import { metricsOf } from './metrics.ts';
import type { RoundEnd } from './metrics.ts';
import { observe } from './observe.ts';
import type { Ports } from './observe.ts';
import { RoundLog } from './round-log.ts';
import { changed, changes, forgetOrders, listable, saveWhatIsPossible } from './save.ts';
import { busy, summarise } from './summary.ts';
import type { Standing, Summary } from './summary.ts';

/** Between two rounds, in seconds: half the runner's poll, so that a drain's steps are seen soon. */
const SETTLE_SECONDS = 15;

/** Runs one tick. @throws what kept a round from seeing or saving anything, after the lease was given back. */
export async function reconcile(
  ports: Ports,
  config: Config,
  reporter: Reporter,
  terms: TickTerms,
): Promise<Summary> {
  const { clock, journal } = ports;
  const taken = await takeLease(ports, terms);
  const at = clock.now();
  if ('heldBy' in taken) return busy(taken.heldBy, at);
  const log = new RoundLog(reporter);
  const note = async (result: string, message: string): Promise<void> =>
    journal?.append(log.record.entry({ id: terms.holder, at, endedAt: clock.now(), result, message }));
  try {
    const summary = await underLease(ports, config, log, taken.lease, terms);
    await note(summary.result, summary.message);
    return summary;
  } catch (error) {
    await note('failed', messageOf(error));
    throw error;
  }
}

async function underLease(
  ports: Ports,
  config: Config,
  log: RoundLog,
  lease: Lease,
  terms: TickTerms,
): Promise<Summary> {
  try {
    return await runRounds(ports, config, log, lease, terms);
  } catch (error) {
    await ports.store.abandon(lease);
    if (!(error instanceof LeaseLostError)) throw error;
    log.problem('another tick has taken the lease; this one stops', { reason: error.message });
    return log.lastSummary('superseded');
  }
}

/** Rounds until there is no use in another, or no time; in the end the lease is given back. */
async function runRounds(
  ports: Ports,
  config: Config,
  log: RoundLog,
  first: Lease,
  terms: TickTerms,
): Promise<Summary> {
  const { clock, store } = ports;
  const { deadline, lastDeadline = deadline, awaitedSeconds = 0 } = terms;
  const awaitedUntil = Math.min(lastDeadline, clock.now() + awaitedSeconds + ROUND_SECONDS);
  let lease = first;
  for (let round = 1; ; round++) {
    lease = await store.renew(lease, clock.now(), LEASE_SECONDS);
    const { settled, isAwaited } = await runRound(ports, config, log, lease, round);
    const until = Math.max(settled ? -Infinity : deadline, isAwaited ? awaitedUntil : -Infinity);
    const isLast = clock.now() + SETTLE_SECONDS + ROUND_SECONDS > until;
    if (!isLast) await clock.sleep(SETTLE_SECONDS);
    else if (!(await isAskedForMore(ports, lease, terms))) return log.lastSummary('done');
  }
}

/** Gives the lease back, unless somebody has knocked and there is time to look once more. */
async function isAskedForMore(
  { clock, store }: Ports,
  lease: Lease,
  { deadline, lastDeadline = deadline }: TickTerms,
): Promise<boolean> {
  if (clock.now() + ROUND_SECONDS <= lastDeadline) return (await store.release(lease)) === 'knocked';
  await store.abandon(lease);
  return false;
}

interface RoundLeft {
  /** There is no use in another round before the next tick. */
  readonly settled: boolean;
  /** Whom a person sent away only waits for another. */
  readonly isAwaited: boolean;
}

/** One round. Returns what it leaves to others. */
async function runRound(
  ports: Ports,
  config: Config,
  log: RoundLog,
  lease: Lease,
  round: number,
): Promise<RoundLeft> {
  const observation = await observe(ports, config, lease);
  const start = Math.round(observation.now).toString(36);
  const plan = makePlan(config, observation, (n) => `${start}-${lease.fence}-${round}-${n}`);
  const violations = checkPlan(config, observation, plan);
  log.record.begin(observation, plan, violations);
  for (const reason of observation.problems) log.problem('not everything could be asked', { reason });
  for (const problem of plan.problems) log.problem(problem, {});
  if (violations.length > 0 || config.observeOnly) {
    const planned = { machines: plan.machines, refused: 0, violations };
    log.round(
      summarise(config, observation, plan, observation.state, violations),
      metricsOf(config, observation, plan, planned),
      plan.decisions,
    );
    return { settled: true, isAwaited: false };
  }
  const { notices, farm } = noticesOf(config, observation, plan);
  const end = await carryOut(ports, config, log, lease, observation, { ...plan, farm }, notices);
  log.round(
    summarise(config, observation, plan, end, []),
    metricsOf(config, observation, plan, end),
    plan.decisions,
  );
  // What was held back because the file could not be written need not wait for the next tick now that it was.
  const isFreed = observation.state.farm.unpublished !== undefined && end.isPublished;
  return { settled: plan.settled && !isFreed, isAwaited: plan.isAwaited };
}

/** Intents first, then EC2, then the file, then what came of it. */
async function carryOut(
  { store, fleet, host, clock, notifier }: Ports,
  config: Config,
  log: RoundLog,
  lease: Lease,
  observation: Observation,
  plan: Plan,
  notices: readonly Notice[],
): Promise<RoundEnd & Standing & { readonly isPublished: boolean }> {
  const unsaved = await saveWhatIsPossible(
    store,
    lease,
    changes(observation.state.machines, observation, plan),
    log,
  );
  log.gaveUp(plan.failed.filter(({ instanceId }) => !unsaved.includes(instanceId)).length);
  // Whoever has taken over since then has not seen what was just saved; whoever does so from here on has.
  if (plan.actions.length > 0) await store.renew(lease, clock.now(), LEASE_SECONDS);
  const outcome = await act(fleet, config, observation, plan, unsaved);
  for (const { what, refusal } of outcome.problems)
    log.problem(`${what} ${outcomeInWords(refusal)}`, { ...refusal });
  log.acted(outcome.done, plan.actions);
  const listings = listable(observation, plan, unsaved);
  const announced = await announce(host, observation, { ...plan, listings }, outcome.machines);
  if (announced.problem !== undefined)
    log.problem('the machines file could not be published', { reason: announced.problem });
  await store.renew(lease, clock.now(), LEASE_SECONDS);
  const farm = farmAfter(plan.farm, outcome, announced, observation.now);
  await saveWhatIsPossible(
    store,
    lease,
    {
      ...(farm === plan.farm ? {} : { farm }),
      machines: changed(plan.machines, announced.machines),
      closedMachines: [],
      launches: [],
      closedLaunches: outcome.answeredLaunches,
    },
    log,
  );
  await forgetOrders(store, observation, plan);
  // What was told could not be remembered without the farm's record, and would be told again every tick.
  if (notifier !== undefined && !unsaved.includes('farm'))
    await Promise.all(notices.map(({ subject, text }) => notifier.notify(subject, text)));
  const launches = plan.launches.filter(({ id }) => !outcome.answeredLaunches.includes(id));
  const isPublished = announced.file !== undefined;
  return { machines: announced.machines, launches, refused: outcome.refused, violations: [], isPublished };
}
