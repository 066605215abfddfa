/** The numbers of a tick, for alarms and dashboard. Each costs money, so none is here that nothing draws or watches. */
import type { Config } from '../config/config.ts';
import { unsupportedSteps, withheldByCaps } from '../capacity/demand.ts';
import { isAlive } from '../capacity/taken.ts';
import { longestWait } from '../capacity/waiting.ts';
import type { Instance, Machine } from '../model/index.ts';
import { doneIn, problemsIn } from './account.ts';
import type { Account, RoundTold } from './account.ts';

/** First what holds at the end of the tick, then what happened in all its rounds. */
export interface TickMetrics {
  readonly runnableSteps: number;
  readonly wantedMachines: number;
  /** Machines that are wanted and that maxMachines, maxTotalMachines or maxDollarsPerHour forbids. */
  readonly cappedMachines: number;
  /** Machines that are missing because AWS refused them, just now or lately, or because those before never got ready. */
  readonly refusedMachines: number;
  /** Runnable steps that neither a type of ours nor another builder supports. */
  readonly unsupportedSteps: number;
  /** Instances that cost money. */
  readonly liveInstances: number;
  readonly bootingMachines: number;
  readonly readyMachines: number;
  readonly drainingMachines: number;
  readonly stoppedMachines: number;
  /** Ready machines without a build. Absent while the status is not trusted. */
  readonly idleMachines?: number;
  /** How long the type that has waited longest has had steps and no free slot for them. Absent without the farm's memory. */
  readonly waitingSeconds?: number;
  /** How long our instances ran since the tick before, all together. 0 at a first tick. Absent without the farm's memory. */
  readonly machineSeconds?: number;
  /** What these seconds have cost, in dollars, without disks and addresses: those of machines whose price is known. */
  readonly dollars?: number;
  /** 1 while the queue status is not trusted, otherwise 0. */
  readonly statusUntrusted: 0 | 1;
  /** 1 when the plan broke a rule, otherwise 0. */
  readonly planRefused: 0 | 1;
  readonly launch: number;
  readonly start: number;
  readonly stop: number;
  readonly terminate: number;
  /** Machines that never got ready, or no longer answered. */
  readonly givenUpMachines: number;
  readonly rounds: number;
  readonly problems: number;
}

export type MetricName = keyof TickMetrics;

/** Undefined where no round came to its end. */
export function metricsOf(account: Account, config: Config): TickMetrics | undefined {
  if (account.last === undefined) return undefined;
  const { observation, plan, machines = plan.machines, outcome, violations } = account.last;
  const { launch = 0, start = 0, stop = 0, terminate = 0 } = doneIn(account);
  const { queue, now } = observation;
  const { demand, farm } = plan;
  const { types, beyondTotal } = withheldByCaps(config, demand, observation.state.prices);
  const beyondOwn = types.reduce((sum, { wanted, type }) => sum + wanted - type.maxMachines, 0);
  const inPhase = (phase: Machine['phase']): readonly Machine[] =>
    machines.filter((machine) => machine.phase === phase);
  const busy = new Set(
    plan.planned.flatMap(({ machine, seen }) => ((seen?.currentJobs ?? 0) > 0 ? [machine.instanceId] : [])),
  );
  const isIdle = ({ instanceId }: Machine): boolean => !busy.has(instanceId);
  return {
    runnableSteps: demand.types.reduce((sum, { runnable }) => sum + runnable, 0),
    wantedMachines: demand.types.reduce((sum, { wanted }) => sum + wanted, 0),
    cappedMachines: beyondOwn + beyondTotal,
    refusedMachines: plan.resting + (outcome?.refused ?? 0),
    unsupportedSteps: unsupportedSteps(queue, demand),
    liveInstances: observation.instances.filter((instance) => isAlive({ instance }, now)).length,
    bootingMachines: inPhase('booting').length,
    readyMachines: inPhase('ready').length,
    drainingMachines: inPhase('draining').length,
    stoppedMachines: inPhase('stopped').length,
    statusUntrusted: queue.trusted ? 0 : 1,
    planRefused: violations.length > 0 ? 1 : 0,
    ...(queue.trusted ? { idleMachines: inPhase('ready').filter(isIdle).length } : {}),
    ...(config.observeOnly
      ? {}
      : {
          waitingSeconds: longestWait(farm.waiting ?? [], now),
          ...ranSince(account, account.last, config),
        }),
    ...{ launch, start, stop, terminate },
    givenUpMachines: account.givenUp,
    rounds: account.ended,
    problems: problemsIn(account).length,
  };
}

/** Nobody knows how long instances ran in a pause of ticks that is longer than so many schedule periods. */
const PERIODS_MAX = 2;

const HOUR_SECONDS = 3600;

/** From what was recorded before this tick to what it has recorded itself: every second belongs to one tick alone. */
function ranSince(
  { rounds }: Account,
  { observation: { instances, now, state }, plan, isCarriedOut }: RoundTold,
  { schedulePeriodSeconds }: Config,
): Required<Pick<TickMetrics, 'machineSeconds' | 'dollars'>> {
  const until = isCarriedOut ? now : (state.farm.lastTickAt ?? now);
  const before = rounds[0]?.observation?.state.farm.lastTickAt ?? until;
  const since = Math.max(before, until - PERIODS_MAX * schedulePeriodSeconds);
  const prices = new Map(plan.machines.map((machine) => [machine.instanceId, machine.dollarsPerHour]));
  let [machineSeconds, dollars] = [0, 0];
  for (const { instanceId, startedAt = since } of instances.filter(runs)) {
    const seconds = Math.max(0, until - Math.max(since, startedAt));
    machineSeconds += seconds;
    dollars += (seconds / HOUR_SECONDS) * (prices.get(instanceId) ?? 0);
  }
  return { machineSeconds, dollars };
}

/** One in a state without a name here may be paid for: an alarm on money rather counts it. */
const runs = ({ state }: Instance): boolean =>
  state === 'pending' || state === 'running' || state === 'unknown';
