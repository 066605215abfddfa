import type { StepKind } from '../hydra/builds.ts';
import type { Cancel } from '../timeline.ts';
import type { RustContext } from './context.ts';
import { give } from './giving.ts';
import type { SystemQueue } from './queues.ts';
import { DISPATCH_REST_SECONDS } from './timings.ts';
import { abortUnsupported } from './unsupported.ts';

/** A part of the dispatcher's work; it yields the seconds that something takes before it goes on. */
type Work = Generator<number, void>;

/**
 * Gives queued steps to machines, one after the other. It sleeps until it is woken or its timer has run; the end of a
 * back-off, a first ping and a machine that opens do not wake it
 * (measured: docs/develop/facts.md#a-new-builder-of-the-rust-runner-waits-for-a-dispatch).
 */
export class RustDispatcher {
  readonly #context: RustContext;
  #state: 'stopped' | 'waiting' | 'working' = 'stopped';
  #woken = false;
  #alarm: Cancel | undefined;

  constructor(context: RustContext) {
    this.#context = context;
  }

  begin(): void {
    this.#wait();
  }

  /** Begins a round at this instant, or another one after the present one. */
  wake(): void {
    this.#woken = true;
    if (this.#state !== 'waiting') return;
    this.#stopWaiting();
    this.#context.life.after(0, this.#work);
  }

  #wait(): void {
    this.#state = 'waiting';
    if (this.#woken) this.wake();
    else
      this.#alarm = this.#context.life.after(this.#context.settings.dispatchTriggerSeconds, () => {
        this.wake();
      });
  }

  #stopWaiting(): void {
    this.#state = 'working';
    this.#alarm?.();
    this.#alarm = undefined;
  }

  readonly #work = (): void => {
    const { counters, life } = this.#context;
    this.#woken = false;
    counters.dispatcherWakeups += 1;
    const round = this.#round();
    const startedAt = life.now;
    const goOn = (): void => {
      const next = round.next();
      if (next.done !== true) {
        life.after(next.value, goOn);
        return;
      }
      counters.dispatchSeconds += life.now - startedAt;
      life.after(DISPATCH_REST_SECONDS, () => {
        this.#wait();
      });
    };
    goOn();
  };

  *#round(): Work {
    const { counters, jobsets, life, machines, queues } = this.#context;
    jobsets.prune(life.now);
    this.#enqueue();
    const now = life.now;
    let waiting = 0;
    for (const queue of queues.all()) {
      if (machines.hasCapacity(queue.system)) waiting += yield* this.#serve(queue, now);
      else {
        queue.waiting = queue.steps.length;
        waiting += queue.waiting;
      }
    }
    counters.stepsWaiting = waiting;
    abortUnsupported(this.#context);
  }

  /** Puts what was loaded since the last round into the queues. */
  #enqueue(): void {
    const { jobsets, life, pending, queues } = this.#context;
    const bySystem = Map.groupBy(pending.splice(0), (step) => step.build.kind.system);
    for (const [system, steps] of bySystem)
      queues.at(system).add(steps, (jobset) => jobsets.shareUsed(jobset), life.now);
  }

  /** Goes through one queue as long as there is a free slot. Returns how many steps wait. */
  *#serve(queue: SystemQueue, now: number): Generator<number, number> {
    const { machines } = this.#context;
    let waiting = 0;
    let disabled = 0;
    // Asked again only once time has passed: until then nothing can have become free.
    const refused = new Set<StepKind>();
    const steps = [...queue.steps];
    for (const [index, step] of steps.entries()) {
      if (step.job !== undefined || this.#context.steps.isOver(step)) continue;
      if (step.retryAt > now) {
        disabled += 1;
        continue;
      }
      const { kind } = step.build;
      const machine = refused.has(kind) ? undefined : machines.freeFor(kind.system, kind.features);
      if (machine === undefined) {
        refused.add(kind);
        waiting += 1;
      } else {
        refused.clear();
        yield* give(this.#context, step, machine);
      }
      queue.waiting = waiting;
      queue.disabled = disabled;
      // Nobody writes down how many are behind it: so the numbers in the status grow wrong.
      if (machine === undefined && !machines.hasCapacity(queue.system))
        return waiting + steps.length - index - 1;
    }
    return waiting;
  }
}
