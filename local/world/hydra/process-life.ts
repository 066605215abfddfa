import type { Cancel, Timeline } from '../timeline.ts';

/**
 * The life of one process: what it does happens only while it lives, and while it is hung (SIGSTOP) everything
 * that is due or that comes in waits for its resumption, in order.
 */
export class ProcessLife {
  readonly #timeline: Timeline;
  #state: 'running' | 'hung' | 'ended' = 'running';
  #held: (() => void)[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get now(): number {
    return this.#timeline.now;
  }

  get hung(): boolean {
    return this.#state === 'hung';
  }

  after(seconds: number, happen: () => void): Cancel {
    return this.at(this.now + seconds, happen);
  }

  at(instant: number, happen: () => void): Cancel {
    return this.#timeline.schedule(instant, () => {
      this.deliver(happen);
    });
  }

  /** Lets something from outside reach the process: now, or when it resumes, or never. */
  deliver(happen: () => void): void {
    if (this.#state === 'running') happen();
    else if (this.#state === 'hung') this.#held.push(happen);
  }

  hang(): void {
    if (this.#state === 'running') this.#state = 'hung';
  }

  resume(): void {
    if (this.#state !== 'hung') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    for (const happen of held) this.deliver(happen);
  }

  end(): void {
    this.#state = 'ended';
    this.#held = [];
  }
}
