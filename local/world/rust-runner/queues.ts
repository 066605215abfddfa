import type { RustStep } from './machine.ts';

/** The steps of one system in the order they are given out, those being built and in back-off among them. */
export class SystemQueue {
  readonly system: string;
  /** Steps on machines, gone ones included. */
  active = 0;
  /** As old as the last round of the dispatcher that came to it. */
  waiting = 0;
  disabled = 0;
  waitTimeMs = 0;
  #steps: RustStep[] = [];

  constructor(system: string) {
    this.system = system;
  }

  get steps(): readonly RustStep[] {
    return this.#steps;
  }

  /** Priority first, then the jobset that has had less, then the oldest build. Sorted only when something is added. */
  add(steps: readonly RustStep[], shareUsed: (jobset: string) => number, now: number): void {
    for (const step of steps) this.waitTimeMs += Math.round((now - step.runnableAt) * 1000);
    this.#steps.push(...steps);
    this.#steps.sort(
      ({ build: a }, { build: b }) =>
        b.globalPriority - a.globalPriority || shareUsed(a.jobset) - shareUsed(b.jobset) || a.id - b.id,
    );
  }

  remove(step: RustStep): void {
    const index = this.#steps.indexOf(step);
    if (index >= 0) this.#steps.splice(index, 1);
  }
}

/** The queues by system. They appear with the first step or machine of a system and never vanish. */
export class RustQueues {
  readonly #queues = new Map<string, SystemQueue>();

  /** The queue of a system, made where there is none. */
  at(system: string): SystemQueue {
    const known = this.#queues.get(system);
    if (known !== undefined) return known;
    const queue = new SystemQueue(system);
    this.#queues.set(system, queue);
    return queue;
  }

  of(step: RustStep): SystemQueue {
    return this.at(step.build.kind.system);
  }

  all(): IterableIterator<SystemQueue> {
    return this.#queues.values();
  }
}
