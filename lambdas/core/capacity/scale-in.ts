/** Which machines of a type stay in use, which are surplus, and what becomes of those. */
import { hourEnd, paidSecondsLeft } from '../model/billing.ts';
import type { TypeDemand } from './demand.ts';
import { keptSeconds, worthOfBoot } from './gaps.ts';
import type { Target } from './target-wait.ts';
import { orderInWords } from '../reason/orders.ts';
import * as words from '../reason/words/index.ts';
import type { Reprieve } from '../reason/words/index.ts';
import { isDrainLost } from '../life/drain.ts';
import { because } from '../life/phases.ts';
import { canReturn, mayDrain } from '../life/returning.ts';
import { beginDrain, isCapacity, takeBack, without } from '../life/planned.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';

/** A machine at work that would be kept for no longer than this, in seconds, drains at once: it ends what it has. */
const BUSY_SECONDS = 60;

/** Whether it is doubted that an offered machine answers: it is no capacity, but not given up either. */
const isDoubted = ({ machine, instance, order }: Planned): boolean =>
  machine.phase === 'ready' &&
  machine.unreachableSince !== undefined &&
  order?.kind !== 'drain' &&
  instance?.interrupted !== true;

/** A person's word keeps it, and it is first among those that demand keeps. */
const isProtected = (planned: Planned): boolean => planned.order?.kind === 'protect' && !isDoubted(planned);

/** The machines {@link scaleIn} decides about. */
const candidatesOf = (context: Context, machines: readonly Planned[]): readonly Planned[] =>
  machines.filter((planned) => isCapacity(planned) || canReturn(context, planned) || isDoubted(planned));

/** How many machines a type has use for, of those it has. */
export function machinesInUse(context: Context, demand: TypeDemand, machines: readonly Planned[]): number {
  const candidates = candidatesOf(context, machines);
  return Math.min(candidates.length, machinesToKeep(demand, candidates));
}

/**
 * Decides for all machines of one type which are kept, stay for paid time or grace, drain, or return from draining.
 * @param share as many as the cap on all types together leaves it.
 */
export function scaleIn(
  context: Context,
  demand: TypeDemand,
  machines: readonly Planned[],
  share: number,
): readonly Planned[] {
  const candidates = candidatesOf(context, machines);
  const ranked = candidates.toSorted((a, b) => byWorth(context, a, b));
  const keep = new Set([
    ...ranked.slice(0, Math.min(share, machinesToKeep(demand, ranked))),
    ...ranked.filter(({ order }) => order?.kind === 'protect'),
  ]);
  const rest = new Set(context.status === undefined ? [] : candidates);
  return machines.map((planned) => {
    if (keep.has(planned)) return keepInUse(context, planned);
    return rest.has(planned) ? surplus(context, planned, demand, ranked.indexOf(planned) + 1) : planned;
  });
}

/**
 * At least what demand allows, and under the cap what the running steps fill: machines at work are not surplus. The steps
 * of a draining machine end where they are and are no reason to keep another one.
 */
function machinesToKeep(demand: TypeDemand, ranked: readonly Planned[]): number {
  const { maxJobs } = demand.type;
  const atWork = ranked.filter(isCapacity);
  const jobs = atWork.reduce((sum, { seen }) => sum + Math.min(seen?.currentJobs ?? 0, maxJobs), 0);
  const filled = Math.max(Math.ceil(jobs / maxJobs), neededNow(demand));
  return Math.max(demand.allowed, Math.min(demand.type.maxMachines, filled));
}

/** Where seconds are paid for, machines that the steps which wait could fill are not sent away before them. */
const neededNow = ({ type, runnable, target }: TypeDemand): number =>
  target === undefined || runnable === 0 || type.billing !== 'per-second' ? 0 : target.need;

/**
 * Most worth keeping first: protected by hand, in use before draining before doubted, at work before idle, long needed before
 * long surplus, busiest, most paid time, ready before booting. An idle machine is never kept for another one's steps.
 */
function byWorth(context: Context, a: Planned, b: Planned): number {
  const standing = (planned: Planned): number =>
    isProtected(planned) ? -1 : isCapacity(planned) ? 0 : canReturn(context, planned) ? 1 : 2;
  const booting = ({ machine }: Planned): number => (machine.phase === 'booting' ? 1 : 0);
  const surplusSince = ({ machine }: Planned): number => machine.surplusSince ?? Infinity;
  const jobs = ({ seen }: Planned): number => seen?.currentJobs ?? 0;
  const differences = [
    standing(a) - standing(b),
    Number(jobs(a) === 0) - Number(jobs(b) === 0),
    compare(surplusSince(b), surplusSince(a)),
    jobs(b) - jobs(a),
    paidLeft(context, b) - paidLeft(context, a),
    booting(a) - booting(b),
    compare(a.machine.instanceId, b.machine.instanceId),
  ];
  return differences.find((difference) => difference !== 0) ?? 0;
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Paid time of a machine now, in seconds. */
export function paidLeft(context: Context, { machine, instance }: Planned): number {
  return paidSecondsLeft(machine.billing, instance?.startedAt, context.observation.now);
}

/** The words stay for as long as the machine does, so they tell nothing that changes: the type's own decision does. */
function keepInUse(context: Context, planned: Planned): Planned {
  const { machine, order } = planned;
  const { now } = context.observation;
  const reason = order?.kind === 'protect' ? orderInWords(order, order.at) : words.neededAgain;
  const needed = without(machine, 'surplusSince');
  if (machine.phase === 'draining') return { ...planned, machine: takeBack(needed, reason, now) };
  // An unknown queue says neither that it is needed nor that it is not: the grace timer goes on.
  if (needed === machine || context.status === undefined) return planned;
  return { ...planned, machine: because(needed, reason) };
}

/** @param rank among the machines of its type, 1 for the most worth keeping. */
function surplus(context: Context, planned: Planned, demand: TypeDemand, rank: number): Planned {
  const { now } = context.observation;
  const machine = {
    ...planned.machine,
    surplusSince: planned.machine.surplusSince ?? surplusFrom(context, planned),
  };
  const marked = { ...planned, machine, rank };
  const reprieve = reprieveOf(context, marked, demand);
  if (machine.phase === 'booting') return marked;
  if (reprieve !== undefined) {
    const reason = words.notNeededBut(reprieve);
    return {
      ...planned,
      machine: machine.phase === 'draining' ? takeBack(machine, reason, now) : because(machine, reason),
    };
  }
  return mayDrain(context, marked)
    ? { ...planned, machine: beginDrain(machine, words.notNeeded(demand.type.key), now) }
    : { ...marked, isUnread: true };
}

/** Why a surplus machine stays all the same: time it has been paid for, or grace. Undefined when nothing keeps it. */
function reprieveOf(context: Context, planned: Planned, demand: TypeDemand): Reprieve | undefined {
  const { observation, config } = context;
  const { type } = demand;
  if (planned.instance === undefined || planned.instance.state === 'unknown') return 'unseen';
  if (isDrainLost(context, planned)) return 'unshown';
  const graceUntil = (planned.machine.surplusSince ?? observation.now) + type.gracePeriodSeconds;
  if (paidLeft(context, planned) > hourEnd(config.schedulePeriodSeconds).drainSeconds) return 'paid';
  if (demand.target !== undefined) return reprieveByTarget(context, planned, demand, demand.target);
  return graceUntil > observation.now ? 'grace' : undefined;
}

/** Nothing that boots ends while steps wait. Where seconds are paid for, it stays for as long as that is likely to save a boot. */
function reprieveByTarget(
  context: Context,
  { machine, seen, rank = 1 }: Planned,
  { type, runnable }: TypeDemand,
  target: Target,
): Reprieve | undefined {
  if (machine.phase === 'booting' && runnable > 0) return 'waiting';
  if (machine.billing === 'hourly') return undefined;
  const seconds = keptSeconds(target.pace.gaps, rank, worthOfBoot(type, target));
  // One at work gives back what it still has to do, if it is likely to be gone for long.
  if ((seen?.currentJobs ?? 0) > 0) return seconds <= BUSY_SECONDS ? undefined : 'soon';
  const { now } = context.observation;
  const idleSeconds =
    context.status === undefined || seen?.idleSince === undefined
      ? Infinity
      : context.status.at - seen.idleSince;
  return Math.min(now - (machine.surplusSince ?? now), idleSeconds) < seconds ? 'soon' : undefined;
}

/** Whether a booting machine is surplus beyond reprieve. It was never offered, so it needs no drain. */
export function isNeedlessBoot(context: Context, demand: TypeDemand, planned: Planned): boolean {
  if (planned.machine.phase !== 'booting' || planned.machine.surplusSince === undefined) return false;
  return reprieveOf(context, planned, demand) === undefined;
}

/** A machine already idle when it is first found to be surplus has been so since it went idle. */
function surplusFrom(context: Context, { machine, seen }: Planned): number {
  const { status, observation } = context;
  if (status === undefined || seen?.idleSince === undefined) return observation.now;
  const idleSeconds = Math.max(0, status.at - seen.idleSince);
  return Math.max(machine.phaseSince, observation.now - idleSeconds);
}
