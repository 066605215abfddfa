/** The numbers of a tick, for alarms and dashboard. Each costs money, so none is here that nothing draws or watches. */
import type { Config } from '../config/config.ts';
import { unsupportedSteps, withheldByCaps } from '../capacity/demand.ts';
import type { Machine, Observation } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import { isAlive } from '../capacity/scale-out.ts';
import { longestWait } from '../capacity/waiting.ts';

/** What holds at the end of a round. */
type Level =
  | 'runnableSteps'
  | 'wantedMachines'
  /** Machines that are wanted and that maxMachines or maxTotalMachines forbids. */
  | 'cappedMachines'
  /** Machines that are missing because AWS refused them, just now or lately, or because those before never got ready. */
  | 'refusedMachines'
  /** Runnable steps that neither a type of ours nor another builder supports. */
  | 'unsupportedSteps'
  /** Instances that cost money. */
  | 'liveInstances'
  | 'bootingMachines'
  | 'readyMachines'
  | 'drainingMachines'
  | 'stoppedMachines'
  /** 1 while the queue status is not trusted, otherwise 0. */
  | 'statusUntrusted'
  /** 1 when the plan broke a rule, otherwise 0. */
  | 'planRefused';

/** What is not always known. */
type KnownLevel =
  /** Ready machines without a build. Unknown while the status is not trusted. */
  | 'idleMachines'
  /** How long the type that has waited longest has had steps and no free slot for them. Needs the farm's memory. */
  | 'waitingSeconds';

/** What happened in all rounds of a tick. */
type Happening =
  | 'launch'
  | 'start'
  | 'stop'
  | 'terminate'
  /** Machines that never got ready, or no longer answered. */
  | 'givenUpMachines'
  | 'rounds'
  | 'problems';

export type MetricName = Level | KnownLevel | Happening;
export type RoundMetrics = Readonly<Record<Level, number>> & Readonly<Partial<Record<KnownLevel, number>>>;
export type TickMetrics = RoundMetrics & Readonly<Record<Happening, number>>;

/** What became of a round's plan. */
export interface RoundEnd {
  readonly machines: readonly Machine[];
  /** Machines that AWS refused in this round. */
  readonly refused: number;
  readonly violations: readonly string[];
}

export function metricsOf(
  config: Config,
  observation: Observation,
  plan: Plan,
  { machines, refused, violations }: RoundEnd,
): RoundMetrics {
  const { queue, now } = observation;
  const { demand, farm } = plan;
  const { types, beyondTotal } = withheldByCaps(config, demand);
  const beyondOwn = types.reduce((sum, { wanted, type }) => sum + wanted - type.maxMachines, 0);
  const inPhase = (phase: Machine['phase']): number =>
    machines.filter((machine) => machine.phase === phase).length;
  return {
    runnableSteps: demand.types.reduce((sum, { runnable }) => sum + runnable, 0),
    wantedMachines: demand.types.reduce((sum, { wanted }) => sum + wanted, 0),
    cappedMachines: beyondOwn + beyondTotal,
    refusedMachines: plan.resting + refused,
    unsupportedSteps: unsupportedSteps(queue, demand),
    liveInstances: observation.instances.filter((instance) => isAlive({ instance }, now)).length,
    bootingMachines: inPhase('booting'),
    readyMachines: inPhase('ready'),
    drainingMachines: inPhase('draining'),
    stoppedMachines: inPhase('stopped'),
    statusUntrusted: queue.trusted ? 0 : 1,
    planRefused: violations.length > 0 ? 1 : 0,
    ...idle(observation, machines),
    ...(config.observeOnly ? {} : { waitingSeconds: longestWait(farm.waiting ?? [], now) }),
  };
}

function idle(
  { queue }: Observation,
  machines: readonly Machine[],
): Partial<Pick<RoundMetrics, 'idleMachines'>> {
  if (!queue.trusted) return {};
  const jobsOf = ({ address = '' }: Machine): number => queue.machines.get(address)?.currentJobs ?? 0;
  const ready = machines.filter(({ phase }) => phase === 'ready');
  return { idleMachines: ready.filter((machine) => jobsOf(machine) === 0).length };
}
