/** A clock that never lets anybody wait, and remembers how long they would have. */
import type { Clock } from '../../lambdas/ports.ts';

export class ImpatientClock implements Clock {
  readonly sleeps: number[] = [];
  #now: number;

  constructor(now = 1_800_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(seconds: number): Promise<void> {
    this.sleeps.push(seconds);
    this.#now += seconds;
    return Promise.resolve();
  }
}
