/** How much time lies between two looks, at the least. */
import type { EpochSeconds, Observation } from '../model/index.ts';

/**
 * When this round's status was asked for: what it shows may be as old as that, however late the answer came. The time since
 * an earlier look runs up to here.
 */
export const askedAtOf = (observation: Pick<Observation, 'askedAt' | 'now'>): EpochSeconds =>
  observation.askedAt ?? observation.now;
