/**
 * In one process everything at work is in microtasks, and what waits waits for the timeline: nothing has to be counted,
 * and a tick that was killed in the middle of a call holds nothing up.
 */
import { setImmediate } from 'node:timers';
import { Activity } from './activity.ts';

export class InProcessActivity extends Activity {
  #stirred = false;

  override enter(): void {
    this.#stirred = true;
  }

  override leave(): void {
    // What leaves waits for the timeline; there is nothing to count.
  }

  /** Resolves when every microtask there is has run. */
  override idle(): Promise<void> {
    if (!this.#stirred) return Promise.resolve();
    this.#stirred = false;
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
