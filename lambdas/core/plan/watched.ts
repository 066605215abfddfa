/**
 * What would change a plan, so that somebody can wait for it: found by planning what is not there yet, so that it holds for
 * whatever the plan goes by.
 */
import { isLikely } from '../capacity/ahead.ts';
import type { Config } from '../config/config.ts';
import type { Dialect } from '../life/dialect.ts';
import type { Planned } from '../life/planned.ts';
import type { Observation, QueueMachine, RunnerKind, StepDemand, TrustedStatus } from '../model/index.ts';
import { makePlan } from './plan.ts';
import type { Plan } from './plan.ts';

/** Steps of one kind, and the most of them that may be runnable without the plan being another. */
export interface WatchedKind {
  readonly step: StepDemand;
  /** Infinity where any number is. */
  readonly most: number;
}

export interface Watched {
  readonly runner: RunnerKind;
  /** Host clock of the status that the plan was made from. */
  readonly since: number;
  /** Kinds that the status tells; any other one is news. */
  readonly kinds: readonly WatchedKind[];
  /** The most steps without any machine that supports them; absent where the runner does not tell. */
  readonly unsupported?: number;
  /** Machines, by the queue runner's keys, whose first failure is news. */
  readonly failing: readonly string[];
  /** Machines that end, or begin to drain, as soon as they have no jobs. */
  readonly quiet: readonly string[];
  /** Absent where nothing is launched ahead. */
  readonly evaluations?: WatchedEvaluations;
}

export interface WatchedEvaluations {
  /** When the next machines are to be launched for one that runs, by the host's clock; absent for none. */
  readonly dueAt?: number;
  /** Jobsets of which nothing is expected, whenever they are evaluated. */
  readonly unlikely: readonly string[];
}

/** More steps than any plan tells apart from still more. */
const VERY_MANY = 1 << 14;
/** Plans that may be made in all, by machines planned: a large farm's takes long, and its kinds are then woken for sooner. */
const PLANS_MAX = 200;
const PLANNED_MAX = 20_000;

/** Undefined where nothing can be told apart, because the status is not trusted. */
export function watchedFor(
  dialect: Dialect,
  config: Config,
  { observation, plan }: { readonly observation: Observation; readonly plan: Plan },
): Watched | undefined {
  const { queue } = observation;
  if (!queue.trusted) return undefined;
  const planned = (changed: TrustedStatus): Plan =>
    makePlan(dialect, config, { ...observation, queue: changed }, (n) => `never-${n}`);
  const ours = plan.planned.filter(({ machine: { phase }, seen }) => seen !== undefined && phase === 'ready');
  return {
    runner: dialect.kind,
    since: queue.at,
    kinds: kindsOf(queue, planned, Math.min(PLANS_MAX, PLANNED_MAX / (1 + plan.machines.length))),
    ...(queue.stepsUnsupported === undefined ? {} : { unsupported: queue.stepsUnsupported }),
    failing: keysOf(ours),
    quiet: [...new Set([...busyDrains(plan), ...wouldDrain(queue, planned)])],
    ...evaluationsOf(config, plan),
  };
}

function evaluationsOf(
  { launchAhead, machineTypes }: Config,
  { demand, farm }: Plan,
): Pick<Watched, 'evaluations'> {
  if (!launchAhead || machineTypes.every(({ targetWaitSeconds }) => targetWaitSeconds === undefined))
    return {};
  const early = demand.types
    .flatMap(({ prospects }) => prospects)
    .flatMap(({ state, dueAt }) => (state === 'early' && dueAt !== undefined ? [dueAt] : []));
  const unlikely = (farm.jobsets ?? []).filter((known) => !isLikely(known)).map(({ jobset }) => jobset);
  return {
    evaluations: { unlikely, ...(early.length === 0 ? {} : { dueAt: Math.ceil(Math.min(...early)) }) },
  };
}

type PlanOf = (queue: TrustedStatus) => Plan;

/** What is begun and what becomes of each machine: all that has an effect outside. */
const effectOf = ({ actions, machines }: Plan): string =>
  JSON.stringify([
    actions.map((action) =>
      action.kind === 'launch' ? [action.launch.type, action.launch.count] : action.kind,
    ),
    machines.map(({ instanceId, phase }) => [instanceId, phase]),
  ]);

function kindsOf(queue: TrustedStatus, planned: PlanOf, plans: number): readonly WatchedKind[] {
  const effect = effectOf(planned(queue));
  let left = plans;
  const isNews = (step: StepDemand, more: number): boolean => {
    if ((left -= 1) < 0) return true;
    const demand = queue.demand.map((one) =>
      one === step ? { ...one, runnable: one.runnable + more } : one,
    );
    return effectOf(planned({ ...queue, demand })) !== effect;
  };
  return queue.demand.map((step) => {
    if (!isNews(step, VERY_MANY)) return { step, most: Infinity };
    let more = 0;
    for (let next = 1; next < VERY_MANY && !isNews(step, next); next *= 2) more = next;
    return { step, most: step.runnable + more };
  });
}

const keysOf = (machines: readonly Planned[]): readonly string[] =>
  machines.flatMap(({ seen }) => (seen === undefined ? [] : [seen.key]));

const isBusy = ({ seen }: Planned): boolean => (seen?.currentJobs ?? 0) > 0;

const busyDrains = ({ planned }: Plan): readonly string[] =>
  keysOf(planned.filter((one) => one.machine.phase === 'draining' && isBusy(one)));

/** Busy machines that would drain at once if all that runs were done. */
function wouldDrain(queue: TrustedStatus, planned: PlanOf): readonly string[] {
  const idle = (machine: QueueMachine): QueueMachine =>
    machine.currentJobs === 0 ? machine : { ...machine, currentJobs: 0, idleSince: queue.at };
  const machines = new Map([...queue.machines].map(([key, machine]) => [key, idle(machine)]));
  const demand = queue.demand.map((step) => ({ ...step, running: 0 }));
  const busy = (key: string): boolean => (queue.machines.get(key)?.currentJobs ?? 0) > 0;
  const done = planned({ ...queue, machines, demand }).planned;
  return keysOf(done.filter(({ machine }) => machine.phase === 'draining')).filter(busy);
}
