import type { Random } from '../random.ts';
import type { Cancel } from '../timeline.ts';
import type { Build, Step } from './builds.ts';
import type { DatabaseListener } from './database.ts';
import type { RunnerContext } from './runner-context.ts';
import { NOTIFY_SECONDS, QUEUE_REREAD_SECONDS } from './timings.ts';

/**
 * Loads queued builds, one by one and in random order within a priority, waking the dispatcher for each: so free
 * slots are filled at random from a half-loaded queue. Drops cancelled ones.
 */
export class QueueMonitor implements DatabaseListener {
  readonly #context: RunnerContext;
  readonly #random: Random;
  #loading: Build[] = [];
  #cancelled: Build[] = [];
  #state: 'stopped' | 'idle' | 'notified' | 'loading' = 'stopped';
  #notifiedWhileLoading = false;
  /** When it last began to wait, and the wake-ups before that. */
  #idleSince: number;
  #wakeups = 0;

  constructor(context: RunnerContext, random: Random) {
    this.#context = context;
    this.#random = random;
    this.#idleSince = context.life.now;
  }

  /** Times it was woken: by notifications, and every 10 s without one. */
  get wakeups(): number {
    const isWaiting = this.#state === 'idle';
    return this.#wakeups + (isWaiting ? this.#regularLooks() : 0);
  }

  /** The first look at the queue: everything unfinished. */
  start(): void {
    this.#load(this.#context.database.readAll());
  }

  buildsAdded(): void {
    this.#notify();
  }

  /** Builds that came without a notification are found at the next regular look. Returns the undoing of that. */
  findLater(): Cancel {
    const untilNext = QUEUE_REREAD_SECONDS - ((this.#context.life.now - this.#idleSince) % QUEUE_REREAD_SECONDS);
    return this.#context.life.after(untilNext, () => {
      this.#notify();
    });
  }

  buildsCancelled(builds: readonly Build[]): void {
    this.#cancelled.push(...builds);
    this.#notify();
  }

  #notify(): void {
    if (this.#state === 'loading' || this.#state === 'stopped') this.#notifiedWhileLoading = true;
    if (this.#state !== 'idle') return;
    this.#wakeups += this.#regularLooks() + 1;
    this.#state = 'notified';
    this.#context.life.after(NOTIFY_SECONDS, () => {
      this.#look();
    });
  }

  #look(): void {
    this.#notifiedWhileLoading = false;
    const cancelled = this.#cancelled;
    this.#cancelled = [];
    for (const build of cancelled) this.#discard(build);
    this.#load(this.#context.database.readNew());
  }

  #load(builds: Build[]): void {
    this.#state = 'loading';
    for (let index = builds.length - 1; index > 0; index--) {
      const other = this.#random.index(index + 1);
      [builds[index], builds[other]] = [builds[other], builds[index]] as [Build, Build];
    }
    // The next one to load is the last.
    this.#loading = builds.sort((a, b) => a.globalPriority - b.globalPriority);
    this.#loadNext();
  }

  readonly #loadNext = (): void => {
    const build = this.#loading.pop();
    if (build === undefined) {
      this.#rest();
      return;
    }
    const { counters, life, timings } = this.#context;
    const seconds = timings.loadSeconds(counters.connecting);
    life.after(seconds, () => {
      counters.buildReadSeconds += seconds;
      this.#add(build);
      this.#loadNext();
    });
  };

  #rest(): void {
    if (this.#notifiedWhileLoading) {
      this.#wakeups += 1;
      this.#look();
      return;
    }
    this.#state = 'idle';
    this.#idleSince = this.#context.life.now;
  }

  /** A build cancelled since it was read is still loaded; the cancellation itself comes after it. */
  #add(build: Build): void {
    const { counters, jobsets, life, runnable, steps, wakeDispatcher } = this.#context;
    const step: Step = { build, loadedAt: life.now, tries: 0, retryAt: 0, runnable: false };
    jobsets.load(build.jobset, life.now);
    steps.set(build, step);
    counters.buildsRead += 1;
    runnable.add(step, life.now);
    wakeDispatcher();
  }

  #discard(build: Build): void {
    const { runnable, steps, threads } = this.#context;
    const step = steps.get(build);
    if (step === undefined) return;
    steps.delete(build);
    if (step.runnable) runnable.remove(step);
    else threads.get(step)?.cancel();
  }

  #regularLooks(): number {
    return Math.floor((this.#context.life.now - this.#idleSince) / QUEUE_REREAD_SECONDS);
  }
}
