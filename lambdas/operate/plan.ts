/** A dry run: one round of a tick without its last send. Nothing is launched, ended, written or remembered. */
import * as z from 'zod';
import { checkPlan } from '../core/check/check-plan.ts';
import type { Decision } from '../core/model.ts';
import { makePlan } from '../core/plan/plan.ts';
import { observe } from '../reconcile/observe.ts';
import { actionInWords, summarise } from '../reconcile/summary.ts';
import { request } from './request.ts';
import type { Desk } from './request.ts';

export interface DryRun {
  readonly result: 'plan';
  readonly message: string;
  readonly queue: string;
  /** What would be sent to EC2, one by one, each with its reason. */
  readonly actions: readonly string[];
  /** Addresses the machines file would list. */
  readonly listed: readonly string[];
  /** Every decision, also for "nothing". */
  readonly decisions: readonly Decision[];
  /** Rules of the design it breaks; such a plan is not carried out. */
  readonly violations: readonly string[];
}

async function dryRun({ ports, config }: Desk): Promise<DryRun> {
  const observation = await observe(ports, config);
  const plan = makePlan(config, observation, (n) => `dry-run-${n}`);
  const violations = checkPlan(config, observation, plan);
  const { queue } = summarise(config, observation, plan, plan.machines, violations);
  const actions = plan.actions.map(actionInWords);
  const what = actions.length === 0 ? 'nothing' : `${actions.length} actions`;
  return {
    result: 'plan',
    message:
      violations.length > 0
        ? 'this plan breaks rules of the design and would be refused'
        : `a tick now would send ${what} to EC2; nothing was sent`,
    queue,
    actions,
    listed: plan.listings.flatMap(({ instanceId, address }) => (instanceId === undefined ? [] : [address])),
    decisions: plan.decisions,
    violations,
  };
}

export const plan = request({
  name: 'plan',
  does: 'makes the plan of a tick and shows it, without carrying it out',
  example: true,
  body: z.literal(true),
  wakes: false,
  carryOut: (desk) => dryRun(desk),
});
