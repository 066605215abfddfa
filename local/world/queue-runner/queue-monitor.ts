import type { Random } from '../random.ts';
import type { Build, Step } from '../hydra/builds.ts';
import type { DatabaseListener } from '../hydra/database.ts';
import type { RunnerContext } from './runner-context.ts';
import { LARGE_LOAD_BUILDS, LARGE_LOAD_SECONDS, NOTIFY_SECONDS, QUEUE_REREAD_SECONDS } from './timings.ts';

/**
 * Loads queued builds, one by one and in random order within a priority, waking the dispatcher for each: so free
 * slots are filled at random from a half-loaded queue. Drops cancelled ones.
 */
export class QueueMonitor implements DatabaseListener {
  readonly #context: RunnerContext;
  readonly #random: Random;
  #loading: Build[] = [];
  /** The shortest time that one build of the present load takes. */
  #leastSeconds = 0;
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

  /** They are found at the next regular look. */
  buildsAddedSilently(): void {
    const { life } = this.#context;
    const sinceLast = (life.now - this.#idleSince) % QUEUE_REREAD_SECONDS;
    life.after(QUEUE_REREAD_SECONDS - sinceLast, this.#lookRegularly);
  }

  buildsCancelled(builds: readonly Build[]): void {
    this.#cancelled.push(...builds);
    this.#notify();
  }

  #notify(): void {
    if (this.#state === 'loading') this.#notifiedWhileLoading = true;
    if (this.#state !== 'idle') return;
    this.#wakeups += this.#regularLooks() + 1;
    this.#state = 'notified';
    this.#context.life.after(NOTIFY_SECONDS, this.#look);
  }

  readonly #lookRegularly = (): void => {
    if (this.#state === 'loading') this.#notifiedWhileLoading = true;
    if (this.#state !== 'idle') return;
    this.#wakeups += this.#regularLooks();
    this.#look();
  };

  readonly #look = (): void => {
    this.#notifiedWhileLoading = false;
    const cancelled = this.#cancelled;
    this.#cancelled = [];
    for (const build of cancelled) this.#discard(build);
    this.#load(this.#context.database.readNew());
  };

  #load(builds: readonly Build[]): void {
    this.#state = 'loading';
    this.#leastSeconds = builds.length >= LARGE_LOAD_BUILDS ? LARGE_LOAD_SECONDS : 0;
    const drawn = builds.map((build) => ({ build, draw: this.#random.next() }));
    drawn.sort((a, b) => a.build.globalPriority - b.build.globalPriority || a.draw - b.draw);
    // The next one to load is the last.
    this.#loading = drawn.map(({ build }) => build);
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
    life.after(Math.max(seconds, this.#leastSeconds), () => {
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
