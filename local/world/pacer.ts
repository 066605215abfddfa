/** Lets a timeline follow a wall clock, for people who watch and processes that really run. */
import type { Timeline } from './timeline.ts';

export interface PacerOptions {
  /** Virtual seconds per real one; 1 is real time. */
  readonly speed: number;
  /** A clock that never goes back, in milliseconds: `() => performance.now()`. */
  readonly milliseconds: () => number;
  /** Real time between two steps. */
  readonly stepMilliseconds?: number;
}

const STEP_MILLISECONDS_DEFAULT = 10;

export class Pacer {
  readonly #timeline: Timeline;
  readonly #options: PacerOptions;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(timeline: Timeline, options: PacerOptions) {
    if (!(options.speed > 0)) throw new RangeError(`speed must be above 0, not ${options.speed}`);
    this.#timeline = timeline;
    this.#options = options;
  }

  /** Goes on from where the timeline is. Starting twice changes nothing. */
  start(): void {
    if (this.#timer !== undefined) return;
    const { milliseconds, stepMilliseconds = STEP_MILLISECONDS_DEFAULT } = this.#options;
    this.#last = milliseconds();
    this.#timer = setInterval(() => this.step(), stepMilliseconds);
  }

  /** Time stands still until the next start. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Catches up with the wall clock; the timer does it all the time. */
  step(): void {
    const now = this.#options.milliseconds();
    const elapsedSeconds = ((now - this.#last) / 1000) * this.#options.speed;
    this.#last = now;
    this.#timeline.advanceTo(this.#timeline.now + elapsedSeconds);
  }
}
