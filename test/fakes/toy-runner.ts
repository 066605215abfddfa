/** A queue runner small enough to know the truth of: which lines it has read, what runs where, what is copied back. */
import type { QueueMachine, QueueStatus } from '../../lambdas/core/model/index.ts';
import { LINUX, aStatus, steps, untrusted } from '../core/given.ts';

interface Builder {
  listed: boolean;
  jobs: number;
  /** Ends, on its clock, of the outputs on their way back. */
  copies: number[];
  idleSince?: number;
}

export interface StatusOptions {
  readonly runnable: number;
  /** Whether it tells how many steps are copied back, and how many more of them other machines have. */
  readonly tellsCopies: boolean;
  readonly copiesElsewhere: number;
  /** The status is not of one instant, and hides what is copied back; never two in a row. */
  readonly isTorn: boolean;
}

/** All times are on its own clock. */
export class ToyRunner {
  readonly builders = new Map<string, Builder>();
  #startedAt: number;
  #readAt: number;
  #wasTorn = false;

  constructor(now: number) {
    this.#startedAt = now - 1000;
    this.#readAt = now;
  }

  /** It rereads the file at least every 30 s, and now if `polls`. */
  advance(now: number, file: ReadonlySet<string>, polls: boolean): void {
    for (const builder of this.builders.values()) builder.copies = builder.copies.filter((end) => end > now);
    if (!polls && now - this.#readAt < 30) return;
    this.#readAt = now;
    for (const [address, builder] of this.builders) builder.listed = file.has(address);
    for (const address of file) {
      if (!this.builders.has(address)) this.builders.set(address, { listed: true, jobs: 0, copies: [] });
    }
  }

  /** Hands out one step to each listed builder with a free slot. */
  dispatch(maxJobs: number): void {
    for (const builder of this.builders.values()) {
      if (!builder.listed || builder.jobs >= maxJobs) continue;
      builder.jobs += 1;
      delete builder.idleSince;
    }
  }

  /** One step ends on each busy builder: its slot is free at once, its outputs take a while. */
  finish(now: number, copySeconds: number): void {
    for (const builder of this.builders.values()) {
      if (builder.jobs === 0) continue;
      builder.jobs -= 1;
      if (builder.jobs === 0) builder.idleSince = now;
      if (copySeconds > 0) builder.copies.push(now + copySeconds);
    }
  }

  /** It forgets everything, and what ran is lost. */
  restart(now: number, file: ReadonlySet<string>): void {
    this.builders.clear();
    this.#startedAt = now;
    this.advance(now, file, true);
  }

  status(now: number, { runnable, tellsCopies, copiesElsewhere, isTorn }: StatusOptions): QueueStatus {
    this.#wasTorn = isTorn && !this.#wasTorn;
    const demand = [steps(LINUX, runnable)];
    if (now - this.#startedAt < 60) return untrusted({ cause: 'restarted', demand });
    const copies = [...this.builders.values()].reduce((sum, builder) => sum + builder.copies.length, 0);
    const shown = this.#wasTorn ? 0 : copies + copiesElsewhere;
    return aStatus({
      at: now,
      runnerStartedAt: this.#startedAt,
      demand,
      stepsFinishing: tellsCopies ? shown : undefined,
      machines: [...this.builders].map(([address, { listed, jobs, idleSince }]): QueueMachine => ({
        key: address,
        offered: listed,
        currentJobs: jobs,
        consecutiveFailures: 0,
        ...(idleSince === undefined ? {} : { idleSince }),
      })),
    });
  }

  /** Whether the machine at `address` would lose work if it ended now. */
  isAtWork(address: string): boolean {
    const builder = this.builders.get(address);
    return builder !== undefined && (builder.listed || builder.jobs > 0 || builder.copies.length > 0);
  }
}
