import type { Random } from '../random.ts';
import type { Cancel, Timeline } from '../timeline.ts';
import type { BuilderNetwork } from './builder-network.ts';
import type { Build, BuildBatch, HostPlatform } from '../hydra/builds.ts';
import { HydraDatabase } from '../hydra/database.ts';
import type { MachinesFileSource } from './machines-file.ts';
import type { QueueRunnerObserver } from './observer.ts';
import { RunnerProcess, type ProcessSurroundings, type QueueRunnerSettings } from './runner-process.ts';
import { databaseDown, statusDown, statusFresh, statusStale, type StatusResult } from './status-result.ts';
import { FIRST_READ_SECONDS } from './timings.ts';

/** `--status` reads the old dump this long after its start … */
const STATUS_READ_SECONDS = 0.0125;
/** … a running program has dumped by then … */
const STATUS_DUMP_SECONDS = 0.02;
/** … and it waits no longer than this for a dump. */
const STATUS_PATIENCE_SECONDS = 5;
/** From the end of the program to the end of `--unlock`, which systemd runs after it. */
const UNLOCK_SECONDS = 0.05;

const X86_LINUX_HOST: HostPlatform = {
  systems: ['x86_64-linux', 'i686-linux'],
  features: ['benchmark', 'big-parallel', 'kvm', 'nixos-test'],
};

/** What a queue runner is made of. */
export interface QueueRunnerOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly machinesFiles: readonly MachinesFileSource[];
  readonly builders: BuilderNetwork;
  /** Unset ones are hydra.conf's defaults on a host with two processors that is an x86_64-linux one. */
  readonly settings?: Partial<QueueRunnerSettings>;
  readonly observer?: QueueRunnerObserver;
  /** What another queue runner has left behind; an empty one when absent. */
  readonly database?: HydraDatabase;
}

/**
 * The C++ hydra-queue-runner as a service on a host, with its database, in virtual time. The timeline counts
 * epoch seconds. It is modelled after measurements of the real program (NixOS/hydra 5decc46c), flaws included.
 */
export class QueueRunner {
  readonly #surroundings: ProcessSurroundings;
  readonly database: HydraDatabase;
  #process: RunnerProcess | undefined;
  #lastPid = 100;
  #unlocking: Cancel | undefined;
  /** `--status` calls that wait for a dump. */
  readonly #waiting = new Set<() => void>();

  constructor(options: QueueRunnerOptions) {
    const observer = options.observer ?? {};
    const settings = {
      maxUnsupportedTimeSeconds: 0,
      maxLocalWorkerThreads: 2,
      host: X86_LINUX_HOST,
      ...options.settings,
    };
    this.database = options.database ?? new HydraDatabase(settings.host, observer);
    this.#surroundings = { ...options, settings, observer, database: this.database };
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Builds that have not ended, oldest first. */
  get unfinishedBuilds(): IterableIterator<Build> {
    return this.database.unfinished();
  }

  /**
   * Starts the program. @throws when it runs already.
   * @param firstReadSeconds until its first look at the machines files: the phase of its 30 s cycle.
   */
  start(firstReadSeconds = FIRST_READ_SECONDS): void {
    if (this.#process !== undefined) throw new Error('the queue runner is already running');
    if (this.#unlocking !== undefined) this.unlock();
    this.#lastPid += 1;
    this.#process = new RunnerProcess(this.#surroundings, this.#lastPid, firstReadSeconds, this.#dumped);
    this.database.listener = this.#process;
  }

  /** systemd stops it: SIGTERM, then `--unlock`. */
  stop(): void {
    this.kill();
    this.#unlocking = this.#surroundings.timeline.after(UNLOCK_SECONDS, () => {
      this.unlock();
    });
  }

  /** SIGKILL, and no `--unlock`: its last dump stays in the database. */
  kill(): void {
    this.#process?.end();
    this.#process = undefined;
    this.database.listener = undefined;
  }

  /** `--unlock`. @throws when the program runs. */
  unlock(): void {
    if (this.#process !== undefined) throw new Error('hydra-queue-runner is currently running');
    this.#unlocking?.();
    this.#unlocking = undefined;
    this.database.statusRow = undefined;
  }

  /** SIGSTOP: it does nothing until it resumes, and builders go on. */
  hang(): void {
    this.#process?.hang();
  }

  resume(): void {
    this.#process?.resume();
  }

  /** PostgreSQL stops or starts. Only `--status` minds here: what a running program does then was not measured. */
  setDatabaseReachable(reachable: boolean): void {
    this.database.reachable = reachable;
  }

  /** Queues builds in one transaction and notifies the program. Each build keeps telling how it fares. */
  queue(...batches: readonly BuildBatch[]): readonly Build[] {
    return this.database.insert(batches, this.#surroundings.timeline.now, true);
  }

  /** Queues builds without notifying anybody. */
  queueSilently(...batches: readonly BuildBatch[]): readonly Build[] {
    return this.database.insert(batches, this.#surroundings.timeline.now, false);
  }

  /** Cancels builds; those that have ended stay as they are. */
  cancel(builds: readonly Build[]): void {
    this.database.cancel(builds, this.#surroundings.timeline.now);
  }

  /** What `hydra-queue-runner --status` says, as if it took no time. */
  status(): StatusResult {
    if (!this.database.reachable) return databaseDown();
    if (this.database.statusRow === undefined) return statusDown();
    let isFresh = false;
    this.#process?.requestDump(() => {
      isFresh = true;
      this.#dumped();
    });
    return isFresh ? statusFresh(this.database.statusRow) : statusStale(this.database.statusRow);
  }

  /** Runs `hydra-queue-runner --status` in the time it takes, and answers when it ends. */
  callStatus(answer: (result: StatusResult) => void): void {
    const { timeline } = this.#surroundings;
    const startedAt = timeline.now;
    timeline.after(STATUS_READ_SECONDS, () => {
      if (!this.database.reachable) answer(databaseDown());
      else if (this.database.statusRow === undefined) answer(statusDown());
      else this.#awaitDump(startedAt, this.database.statusRow, answer);
    });
  }

  #awaitDump(startedAt: number, oldDump: string, answer: (result: StatusResult) => void): void {
    const { timeline } = this.#surroundings;
    const wall = (): number => timeline.now - startedAt;
    const giveUp = timeline.after(STATUS_PATIENCE_SECONDS, () => {
      this.#waiting.delete(wake);
      answer(statusStale(this.database.statusRow ?? oldDump, wall()));
    });
    const wake = (): void => {
      this.#waiting.delete(wake);
      giveUp();
      answer(statusFresh(this.database.statusRow ?? oldDump, wall()));
    };
    this.#waiting.add(wake);
    timeline.after(STATUS_DUMP_SECONDS - STATUS_READ_SECONDS, () => this.#process?.requestDump(this.#dumped));
  }

  /** A dump reaches every call that waits for one, whichever asked for it. */
  readonly #dumped = (): void => {
    for (const wake of [...this.#waiting]) wake();
  };
}
