/** Lets virtual time pass while nothing is at work, as fast as the pace allows. */
import type { Timeline } from '../timeline.ts';
import type { Activity } from './activity.ts';

/** Holds virtual time back to a chosen speed. Returns the instant it may run to now: `instant` at most, later ones later. */
export type Pace = (instant: number) => Promise<number>;

/** As fast as it goes. */
export const unpaced: Pace = (instant) => Promise.resolve(instant);

/** How a drive goes. */
export interface DriveTerms {
  /** As fast as it goes when absent. */
  readonly pace?: Pace;
  /** Asked before each step; never when absent. */
  readonly isStopped?: () => boolean;
}

/** Runs until `until` (an instant) or until `isStopped`; whatever is at work then is waited for. */
export async function drive(
  timeline: Timeline,
  activity: Activity,
  until: number,
  { pace = unpaced, isStopped = () => false }: DriveTerms = {},
): Promise<void> {
  while (timeline.now < until && !isStopped()) {
    await activity.idle();
    const next = Math.min(timeline.next ?? until, until);
    const allowed = await pace(next);
    timeline.advanceTo(Math.max(timeline.now, Math.min(allowed, next)));
  }
  await activity.idle();
}
