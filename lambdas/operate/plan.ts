/** A dry run: one round of a tick without its last send. Nothing is launched, ended, written or remembered. */
import * as z from 'zod';
import type { Config } from '../core/config/config.ts';
import type { Decision } from '../core/model/index.ts';
import { actionInWords, queueInWords } from '../core/account/summary.ts';
import { count } from '../core/text/count.ts';
import { ONLY_WATCHED } from './fields.ts';
import { look } from './look.ts';
import { request } from './request.ts';
import type { Desk } from './request.ts';

export interface DryRun {
  readonly result: 'plan';
  readonly message: string;
  readonly queue: string;
  /** What would be sent to EC2, one by one, each with its reason. */
  readonly actions: readonly string[];
  /** Machines that the queue runner would be offered. */
  readonly offered: readonly string[];
  /** Every decision, also for "nothing". */
  readonly decisions: readonly Decision[];
  /** Rules of the design it breaks; such a plan is not carried out. */
  readonly violations: readonly string[];
}

async function dryRun(desk: Desk): Promise<DryRun> {
  const { config, observation, plan, violations } = await look(desk);
  const actions = plan.actions.map(actionInWords);
  return {
    result: 'plan',
    message: messageOf(config, actions.length, violations.length > 0),
    queue: queueInWords(observation.queue),
    actions,
    offered: plan.offers.map(({ machine }) => machine.instanceId),
    decisions: plan.decisions,
    violations,
  };
}

function messageOf({ observeOnly }: Config, actions: number, isRefused: boolean): string {
  if (isRefused) return 'this plan breaks rules of the design and would be refused';
  const what = actions === 0 ? 'nothing' : count(actions, 'action');
  return observeOnly
    ? `${ONLY_WATCHED}: no tick sends anything to EC2; one that acts would now send ${what}`
    : `a tick now would send ${what} to EC2; nothing was sent`;
}

export const plan = request({
  name: 'plan',
  does: 'makes the plan of a tick and shows it, without carrying it out',
  example: true,
  body: z.literal(true),
  wakes: false,
  carryOut: (desk) => dryRun(desk),
});
