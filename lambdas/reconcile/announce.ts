/** Tells the queue runner which machines there are, and takes note of what it was told. */
import { messageOf } from '../core/message-of.ts';
import type { EpochSeconds, Farm, Machine, Observation, PublishedFile } from '../core/model/index.ts';
import { confirmListings } from '../core/life/listing.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { HydraHost } from '../ports.ts';
import type { Outcome } from './answered.ts';

export interface Announced {
  readonly machines: readonly Machine[];
  readonly file?: PublishedFile;
  /** Why the file could not be put in place; the next round tries again. */
  readonly problem?: string;
  /** It was not even tried, because the host cannot be asked. */
  readonly isWaiting?: true;
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
    return { machines, problem: `the machines file waits: ${observation.queue.reason}`, isWaiting: true };
  }
  try {
    const file = await host.publish(plan.listings, observation.file, plan.republish);
    return { machines: confirmListings(machines, plan.listings, file.seen), file };
  } catch (error) {
    return { machines, problem: messageOf(error) };
  }
}

/** Longer reasons are cut: the farm's record has its bounds. */
const REASON_CHARACTERS = 500;

/** The farm as it is remembered after EC2 and the host have answered; the same object when they changed nothing of it. */
export function farmAfter(
  farm: Farm,
  { backOffs }: Pick<Outcome, 'backOffs'>,
  { file, problem, isWaiting }: Announced,
  now: EpochSeconds,
): Farm {
  const { unpublished, ...rest } = farm;
  if (file !== undefined && (unpublished !== undefined || file.sha256 !== farm.publishedSha256))
    return { ...rest, backOffs, publishedSha256: file.sha256, wroteFile: true };
  if (problem !== undefined && isWaiting === undefined) {
    const { times = 0, since = now } = unpublished ?? {};
    const reason = problem.slice(0, REASON_CHARACTERS);
    return { ...rest, backOffs, unpublished: { times: times + 1, since, reason } };
  }
  return backOffs === farm.backOffs ? farm : { ...farm, backOffs };
}
