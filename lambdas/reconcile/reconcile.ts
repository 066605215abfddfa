/**
 * The tick: observe, plan, act, announce, report, until settled. An event only wakes it; everything is decided from
 * what is seen. A tick may die between any two lines here, and the next one goes on from what was saved.
 */
import { entryOf } from '../core/account/journal.ts';
import { busy } from '../core/account/summary.ts';
import type { Summary } from '../core/account/summary.ts';
import { messageOf } from '../core/text/message-of.ts';
import type { Config } from '../core/config/config.ts';
import { LeaseLostError } from '../ports.ts';
import type { Lease, Ports, Reporter } from '../ports.ts';
import { act } from './act.ts';
import { announce } from './announce.ts';
import { LEASE_SECONDS, ROUND_SECONDS, takeLease } from './lease.ts';
import type { TickTerms } from './lease.ts';
import { observe } from './observe.ts';
import { plan } from './plan.ts';
import { keepPrices } from './price-keeper.ts';
import { Report } from './report.ts';
import type { Round, Tick } from './round.ts';
import { WatchKeeper } from './watch-keeper.ts';
import type { Left } from './watch-keeper.ts';

/** How rounds follow each other. */
interface Cadence {
  /** From the beginning of a round to that of the next, in seconds. */
  readonly roundSeconds: number;
  /** The least between two rounds, in seconds: a slow host is not kept busy by our looks. */
  readonly pauseSeconds: number;
}
/** A third of the C++ queue runner's poll, so that each step is seen soon. */
const SETTLING: Cadence = { roundSeconds: 10, pauseSeconds: 4 };
/** Machines may be ready at any moment, and steps wait for them. */
const DUE: Cadence = { roundSeconds: 6, pauseSeconds: 2 };

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
  const report = new Report(reporter);
  if (terms.woken !== undefined) report.woken(terms.woken);
  const note = async (result: string, message: string): Promise<void> =>
    journal?.append(
      entryOf(report.account, {
        ...{ id: terms.holder, at, endedAt: clock.now(), result, message },
        ...(report.wokenBy !== undefined && { woken: report.wokenBy }),
      }),
    );
  try {
    const summary = report.answer(config, await underLease({ ports, config, terms, report }, taken.lease));
    await note(summary.result, summary.message);
    return summary;
  } catch (error) {
    await note('failed', messageOf(error));
    throw error;
  }
}

async function underLease(tick: Tick, lease: Lease): Promise<'done' | 'superseded'> {
  try {
    await runRounds(tick, lease);
    return 'done';
  } catch (error) {
    await tick.ports.store.abandon(lease);
    if (!(error instanceof LeaseLostError)) throw error;
    tick.report.problem('another tick has taken the lease; this one stops', { says: error.message });
    return 'superseded';
  }
}

/** Rounds until there is no use in another, or no time; in the end the lease is given back. */
async function runRounds(tick: Tick, first: Lease): Promise<void> {
  const { clock, store } = tick.ports;
  const { deadline, lastDeadline = deadline, awaitedSeconds = 0 } = tick.terms;
  const awaitedUntil = Math.min(lastDeadline, clock.now() + awaitedSeconds + ROUND_SECONDS);
  const watch = new WatchKeeper(tick);
  let lease = first;
  for (let number = 1; ; number++) {
    const begun = clock.now();
    // The first round begins with a lease that was taken this moment.
    if (number > 1) lease = await store.renew(lease, begun, LEASE_SECONDS);
    const left = await runRound({ ...tick, lease, number }, watch);
    const { settled, isAwaited, isDue } = left;
    const until = Math.max(settled ? -Infinity : deadline, isAwaited ? awaitedUntil : -Infinity);
    const tookSeconds = clock.now() - begun;
    const pauseSeconds = pauseAfter(tookSeconds, isDue ? DUE : SETTLING);
    const isLast = clock.now() + pauseSeconds + Math.max(tookSeconds, ROUND_SECONDS) > until;
    if (!isLast) {
      await clock.sleep(pauseSeconds);
      continue;
    }
    await watch.leave(lease, { ...left, number });
    if (left.decided.isCarriedOut) await keepPrices(tick, lease, left.decided.observation);
    if (!(await isAskedForMore(tick, lease))) return;
  }
}

/** Until the next round, in seconds. The clock may have been put back meanwhile. */
const pauseAfter = (tookSeconds: number, { roundSeconds, pauseSeconds }: Cadence): number =>
  Math.min(Math.max(roundSeconds - tookSeconds, pauseSeconds), roundSeconds);

interface RoundLeft extends Omit<Left, 'number'> {
  /** A machine that a person sent away only waits for another. */
  readonly isAwaited: boolean;
  /** A machine may be ready at any moment. */
  readonly isDue: boolean;
}

/** Returns what it leaves to others. */
async function runRound(round: Round, watch: WatchKeeper): Promise<RoundLeft> {
  const observation = await observe(round.ports, round.config, round.lease);
  const decided = plan(round, observation);
  const ended = round.number === 1 ? watch.begin(observation.state) : undefined;
  if (!decided.isCarriedOut) {
    await ended;
    return { decided, farm: observation.state.farm, settled: true, isAwaited: false, isDue: false };
  }
  const { isOffered, isPartial, farm } = await announce(round, decided, await act(round, decided));
  await ended;
  // What was held back because nothing could be offered need not wait for the next tick now that it can.
  const isFreed = observation.state.farm.offerFailures !== undefined && isOffered;
  const isDone = !isFreed && !isPartial;
  const { settled, isAwaited, isDue } = decided.plan;
  return { decided, farm, settled: settled && isDone, isAwaited, isDue };
}

/** Gives the lease back, unless there was a knock and there is time to look once more. */
async function isAskedForMore({ ports: { clock, store }, terms }: Tick, lease: Lease): Promise<boolean> {
  const { deadline, lastDeadline = deadline } = terms;
  if (clock.now() + ROUND_SECONDS <= lastDeadline) return (await store.release(lease)) === 'knocked';
  await store.abandon(lease);
  return false;
}
