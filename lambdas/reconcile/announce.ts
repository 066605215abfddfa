/** Tells the queue runner which machines there are, and takes note of what it was told. */
import { messageOf } from '../core/message-of.ts';
import type { Machine, Observation, PublishedFile } from '../core/model.ts';
import { confirmListings } from '../core/plan/listing.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { HydraHost } from '../ports.ts';

export interface Announced {
  readonly machines: readonly Machine[];
  readonly file?: PublishedFile;
  /** Why the file could not be put in place; the next round tries again. */
  readonly problem?: string;
}

/**
 * Publishes the plan's machines file. Only a verified file proves that a line is in or out; without one the
 * machines stay as they were and no drain goes on.
 */
export async function announce(
  host: HydraHost,
  observation: Observation,
  plan: Plan,
  machines: readonly Machine[],
): Promise<Announced> {
  if (
    observation.file === undefined &&
    !observation.queue.trusted &&
    observation.queue.cause === 'unreachable'
  ) {
    return { machines, problem: `the machines file waits: ${observation.queue.reason}` };
  }
  try {
    const file = await host.publish(plan.listings, observation.file, plan.republish);
    return { machines: confirmListings(machines, plan.listings, file.seen), file };
  } catch (error) {
    return { machines, problem: messageOf(error) };
  }
}
