/** The farm as it is now, with what the next tick would do; changes nothing and needs no lease. */
import type { Config } from '../core/config/config.ts';
import type { Floor } from '../core/model.ts';
import { makePlan } from '../core/plan/plan.ts';
import { observe } from '../reconcile/observe.ts';
import type { Ports } from '../reconcile/observe.ts';
import { summarise } from '../reconcile/summary.ts';
import type { MachineSummary, TypeSummary } from '../reconcile/summary.ts';

export interface FarmStatus {
  readonly result: 'status';
  readonly message: string;
  readonly queue: string;
  readonly types: readonly TypeSummary[];
  readonly machines: readonly MachineSummary[];
  readonly scaledOut: readonly Floor[];
  /** When the last tick looked, in seconds ago; absent before the first. */
  readonly lastTickSecondsAgo?: number;
  readonly resting: readonly string[];
}

export async function farmStatus(ports: Ports, config: Config): Promise<FarmStatus> {
  const observation = await observe(ports, config);
  const plan = makePlan(config, observation, (n) => `status-${n}`);
  const { queue, types, machines } = summarise(config, observation, plan, plan.machines, []);
  const { farm, floors } = observation.state;
  const next = plan.actions.map(({ kind, reason }) => `${kind} (${reason})`);
  return {
    result: 'status',
    message: next.length === 0 ? 'the next tick has nothing to do' : `the next tick would ${next.join(', ')}`,
    queue,
    types,
    machines,
    scaledOut: floors,
    ...(farm.lastTickAt === undefined
      ? {}
      : { lastTickSecondsAgo: Math.round(observation.now - farm.lastTickAt) }),
    resting: farm.backOffs
      .filter(({ until }) => until > observation.now)
      .map(({ type, reason, until }) => `${type}: ${reason} (${Math.round(until - observation.now)} s more)`),
  };
}
