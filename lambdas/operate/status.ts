/** The farm as it is now, with what the next tick would do; changes nothing and needs no lease. */
import * as z from 'zod';
import type { Config } from '../core/config/config.ts';
import { unsupportedSteps } from '../core/capacity/demand.ts';
import type { Floor, Observation, Runner } from '../core/model/index.ts';
import { floorInWords, orderInWords, subjectInWords } from '../core/reason/orders.ts';
import { problemInWords } from '../core/reason/problem.ts';
import * as words from '../core/reason/words/index.ts';
import { decisionOn } from '../core/plan/decisions.ts';
import type { Plan } from '../core/plan/plan.ts';
import { queueInWords, summarise } from '../core/account/summary.ts';
import type { MachineSummary, Standing, TypeSummary } from '../core/account/summary.ts';
import { sums } from '../core/text/count.ts';
import { ONLY_WATCHED } from './fields.ts';
import { look } from './look.ts';
import { lastProblems } from './last-problems.ts';
import { request } from './request.ts';
import type { Desk } from './request.ts';

/** Steps of one kind that no machine type covers. Where some run, a builder that is not ours takes them. */
export interface UncoveredSteps {
  /** The queue runner's own key, such as `aarch64-darwin`. */
  readonly kind: string;
  readonly runnable: number;
  readonly running: number;
}

export interface MachineNow extends MachineSummary {
  /** What the next tick would make of it, an action or a phase; absent where that is nothing new. */
  readonly next?: string;
}

export interface FarmStatus {
  readonly result: 'status';
  /** What the next tick would do, and whether it may. */
  readonly message: string;
  readonly queue: string;
  /** Which queue runner the host has, in words; absent until one has answered. */
  readonly runner?: string;
  /** What all machines cost an hour, as far as it is known; absent where AWS bills none. */
  readonly cost?: string;
  /** The machines as they are; verdict and reason are what the next tick would say. */
  readonly types: readonly TypeSummary[];
  readonly machines: readonly MachineNow[];
  readonly uncovered: readonly UncoveredSteps[];
  /** How many of their runnable steps no machine known to the queue runner supports. */
  readonly unsupportedSteps: number;
  readonly scaledOut: readonly Floor[];
  /** What people have ordered, scale-outs among it, such as `x86_64-linux: paused by hand (Ada) for 40 min more`. */
  readonly orders: readonly string[];
  /** How many seconds ago the last tick looked; absent before the first. */
  readonly lastTickSecondsAgo?: number;
  readonly resting: readonly string[];
  /** What went wrong in the last tick; absent where no journal is kept. */
  readonly problems?: readonly string[];
}

async function farmStatus(desk: Desk): Promise<FarmStatus> {
  const { config, observation, plan, violations } = await look(desk);
  const { types, machines, cost } = summarise(plan, standingNow(observation, plan));
  const { farm, floors, orders = [] } = observation.state;
  const { now } = observation;
  const problems = await lastProblems(desk.ports, now, config.schedulePeriodSeconds);
  return {
    result: 'status',
    message: messageOf(config, plan, violations),
    queue: queueInWords(observation.queue),
    ...(plan.farm.runner && { runner: runnerInWords(plan.farm.runner) }),
    ...(cost === undefined ? {} : { cost }),
    types,
    machines: machines.map((machine) => ({ ...machine, ...nextOf(plan, machine) })),
    uncovered: plan.demand.uncovered.map(({ key, runnable, running }) => ({ kind: key, runnable, running })),
    unsupportedSteps: unsupportedSteps(observation.queue, plan.demand),
    scaledOut: floors,
    orders: [
      ...orders
        .filter(({ kind }) => kind !== 'retry')
        .map((order) => `${subjectInWords(order)}: ${orderInWords(order, now)}`),
      ...floors.map((floor) => `${floor.type}: ${floorInWords(floor, now)}`),
    ],
    ...(farm.lastTickAt === undefined ? {} : { lastTickSecondsAgo: Math.round(now - farm.lastTickAt) }),
    resting: farm.backOffs
      .filter(({ until }) => until > now)
      .map(({ type, reason, until }) => `${type}: ${reason} (${Math.round(until - now)} s more)`),
    ...(problems === undefined ? {} : { problems: problems.map(problemInWords) }),
  };
}

const runnerInWords = ({ kind, since }: Runner): string =>
  `${words.runner(kind)}, since ${new Date(since * 1000).toISOString().replace(/\.\d+Z$/, 'Z')}`;

/** What is there before any tick acts on it: what is remembered, and what EC2 shows besides. */
function standingNow({ state }: Observation, plan: Plan): Standing {
  const known = new Set(state.machines.map(({ instanceId }) => instanceId));
  const unrecorded = plan.machines
    .filter(({ instanceId }) => !known.has(instanceId))
    .map((machine) => ({ ...machine, phase: 'unrecorded' }));
  return { launches: state.launches, machines: [...state.machines, ...unrecorded] };
}

function nextOf(plan: Plan, { machine, phase }: MachineSummary): { next?: string } {
  const next = decisionOn(plan, machine)?.verdict;
  return next === undefined || next === phase ? {} : { next };
}

function messageOf({ observeOnly }: Config, { actions }: Plan, violations: readonly string[]): string {
  const machines = sums(actions.map((one) => [one.kind, one.kind === 'launch' ? one.launch.count : 1]));
  const what = [...machines].map(([kind, count]) => `${kind} ${count}`).join(', ');
  const watched = observeOnly ? `${ONLY_WATCHED}: ` : '';
  if (violations.length > 0)
    return `${watched}the next tick would refuse its plan (${what || 'no action'}), which breaks rules of the design: ${violations.join('; ')}`;
  if (what === '') return `${watched}the next tick has nothing to do`;
  return observeOnly
    ? `${watched}the next tick does nothing; one that acts would ${what}`
    : `the next tick would ${what}`;
}

export const status = request({
  name: 'status',
  does: 'says how the farm is and what the next tick would do, and changes nothing',
  example: true,
  body: z.literal(true),
  wakes: false,
  carryOut: (desk) => farmStatus(desk),
});
