import type { Clock } from '../../../lambdas/ports.ts';
import type { Timeline } from '../timeline.ts';
import type { Activity } from './activity.ts';

/** The function's clock in virtual time: what sleeps on it is not at work, and wakes when the timeline gets there. */
export class VirtualClock implements Clock {
  readonly #timeline: Timeline;
  readonly #activity: Activity;

  constructor(timeline: Timeline, activity: Activity) {
    this.#timeline = timeline;
    this.#activity = activity;
  }

  now(): number {
    return this.#timeline.now;
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timeline.after(seconds, () => {
        this.#activity.enter();
        resolve();
      });
      this.#activity.leave();
    });
  }
}
