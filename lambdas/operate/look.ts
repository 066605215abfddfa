/** One look at the farm, for people who ask: what is seen, and what a tick would make of it. Changes nothing. */
import { observe } from '../reconcile/observe.ts';
import { decide } from '../reconcile/plan.ts';
import type { Desk } from './request.ts';

/** @throws when the store or EC2 cannot be read. */
export async function look({ ports, config }: Desk): Promise<ReturnType<typeof decide>> {
  return decide(ports.dialects, config, await observe(ports, config), (n) => `look-${n}`);
}
