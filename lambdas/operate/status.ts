/** The farm as it is now, with what the next tick would do; changes nothing and needs no lease. */
import * as z from 'zod';
import { unsupportedSteps } from '../core/demand.ts';
import type { Floor } from '../core/model.ts';
import { orderInWords, subjectOf } from '../core/orders.ts';
import type { Order } from '../core/orders.ts';
import { makePlan } from '../core/plan/plan.ts';
import { observe } from '../reconcile/observe.ts';
import { summarise } from '../reconcile/summary.ts';
import type { MachineSummary, TypeSummary } from '../reconcile/summary.ts';
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

export interface FarmStatus {
  readonly result: 'status';
  readonly message: string;
  readonly queue: string;
  readonly types: readonly TypeSummary[];
  readonly machines: readonly MachineSummary[];
  readonly uncovered: readonly UncoveredSteps[];
  /** How many of their runnable steps no machine supports that the queue runner knows. */
  readonly unsupportedSteps: number;
  readonly scaledOut: readonly Floor[];
  /** What people have ordered, such as `x86_64-linux: paused by hand (Ada) for 40 min more`. */
  readonly orders: readonly string[];
  /** When the last tick looked, in seconds ago; absent before the first. */
  readonly lastTickSecondsAgo?: number;
  readonly resting: readonly string[];
  /** What went wrong in the last tick; absent where no journal is kept. */
  readonly problems?: readonly string[];
}

async function farmStatus({ ports, config }: Desk): Promise<FarmStatus> {
  const observation = await observe(ports, config);
  const plan = makePlan(config, observation, (n) => `status-${n}`);
  const { queue, types, machines } = summarise(config, observation, plan, plan.machines, []);
  const { farm, floors, orders = [] } = observation.state;
  const { now } = observation;
  const problems = await lastProblems(ports, now, config.schedulePeriodSeconds);
  const next = plan.actions.map(({ kind, reason }) => `${kind} (${reason})`);
  return {
    result: 'status',
    message: next.length === 0 ? 'the next tick has nothing to do' : `the next tick would ${next.join(', ')}`,
    queue,
    types,
    machines,
    uncovered: plan.demand.uncovered.map(({ key, runnable, running }) => ({ kind: key, runnable, running })),
    unsupportedSteps: unsupportedSteps(observation.queue, plan.demand),
    scaledOut: floors,
    orders: orders.map((order) => `${nameOf(order)}: ${orderInWords(order, now)}`),
    ...(farm.lastTickAt === undefined ? {} : { lastTickSecondsAgo: Math.round(now - farm.lastTickAt) }),
    resting: farm.backOffs
      .filter(({ until }) => until > now)
      .map(({ type, reason, until }) => `${type}: ${reason} (${Math.round(until - now)} s more)`),
    ...(problems === undefined ? {} : { problems }),
  };
}

function nameOf(order: Order): string {
  const subject = subjectOf(order);
  if (subject === 'everything') return subject;
  return 'type' in subject ? subject.type : subject.instanceId;
}

export const status = request({
  name: 'status',
  does: 'says how the farm is and what the next tick would do, and changes nothing',
  example: true,
  body: z.literal(true),
  wakes: false,
  carryOut: (desk) => farmStatus(desk),
});
