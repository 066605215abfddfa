import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { BuilderNetwork } from './builder-network.ts';
import type { Build, HostPlatform } from '../hydra/builds.ts';
import { CopySlots } from './copy-slots.ts';
import type { DatabaseListener, HydraDatabase } from '../hydra/database.ts';
import { Dispatcher } from './dispatcher.ts';
import { GlibcRandom } from './glibc-random.ts';
import type { MachinesFileSource } from './machines-file.ts';
import { MachinesMonitor } from './machines-monitor.ts';
import { MachineTable } from './machines.ts';
import type { QueueRunnerObserver } from './observer.ts';
import { ProcessLife } from '../hydra/process-life.ts';
import { QueueMonitor } from './queue-monitor.ts';
import { RunnableSteps } from './runnable-steps.ts';
import { Counters, MachineTypes, type RunnerContext } from './runner-context.ts';
import { Jobsets } from '../hydra/jobset-share.ts';
import { dumpStatus } from './status-dump.ts';
import { FIRST_DUMP_SECONDS, FIRST_QUEUE_LOOK_SECONDS, Timings } from './timings.ts';

/** What hydra.conf and the host decide about a queue runner. */
export interface QueueRunnerSettings {
  /** `max_unsupported_time`; hydra.conf's default is 0: fail at once. */
  readonly maxUnsupportedTimeSeconds: number;
  /** `max_local_worker_threads`: outputs copied back at a time. The default is max(4, processors) - 2. */
  readonly maxLocalWorkerThreads: number;
  readonly host: HostPlatform;
}

/** The world a process lives in. */
export interface ProcessSurroundings {
  readonly timeline: Timeline;
  readonly random: Random;
  /** All read as one, in this order. */
  readonly machinesFiles: readonly MachinesFileSource[];
  readonly builders: BuilderNetwork;
  readonly database: HydraDatabase;
  readonly settings: QueueRunnerSettings;
  readonly observer: QueueRunnerObserver;
}

/** One life of the program, from exec to exit. Everything it knows ends with it. */
export class RunnerProcess implements DatabaseListener {
  readonly #context: RunnerContext;
  readonly #dispatcher: Dispatcher;
  readonly #queueMonitor: QueueMonitor;
  readonly #life: ProcessLife;
  readonly #pid: number;
  readonly #startedAt: number;
  /** Whether it has made its first dump and listens. */
  #listening = false;

  /**
   * @param firstReadSeconds from now to its first look at the machines files; the looks follow every 30 s.
   * @param dumped told of every dump it writes.
   */
  constructor(surroundings: ProcessSurroundings, pid: number, firstReadSeconds: number, dumped: () => void) {
    this.#life = new ProcessLife(surroundings.timeline);
    this.#pid = pid;
    this.#startedAt = this.#life.now;
    this.#context = makeContext(surroundings, this.#life, () => {
      this.#dispatcher.wake();
    });
    this.#dispatcher = new Dispatcher(this.#context, surroundings.settings.maxUnsupportedTimeSeconds);
    this.#queueMonitor = new QueueMonitor(this.#context, surroundings.random.fork());
    const machinesMonitor = new MachinesMonitor(this.#context, surroundings.machinesFiles, this.#dispatcher);
    this.#life.after(Math.min(FIRST_DUMP_SECONDS, firstReadSeconds), () => {
      this.#listening = true;
      this.#dump(dumped);
    });
    this.#life.after(firstReadSeconds, machinesMonitor.poll);
    this.#life.after(FIRST_QUEUE_LOOK_SECONDS, () => {
      this.#queueMonitor.start();
    });
  }

  /** Asks for a fresh dump; a hung process makes it when it resumes, a starting one makes its own. */
  requestDump(dumped: () => void): void {
    this.#life.deliver(() => {
      if (this.#listening) this.#dump(dumped);
    });
  }

  buildsAdded(): void {
    this.#life.deliver(() => {
      this.#queueMonitor.buildsAdded();
    });
  }

  buildsAddedSilently(): void {
    this.#life.deliver(() => {
      this.#queueMonitor.buildsAddedSilently();
    });
  }

  buildsCancelled(builds: readonly Build[]): void {
    this.#life.deliver(() => {
      this.#queueMonitor.buildsCancelled(builds);
    });
  }

  /** SIGSTOP. Builders go on. */
  hang(): void {
    this.#life.hang();
  }

  /** SIGCONT. */
  resume(): void {
    this.#life.resume();
  }

  /** However it ends: connections to builders break, and nothing records what they were doing. */
  end(): void {
    this.#life.end();
    for (const thread of this.#context.threads.values()) thread.abandon();
  }

  #dump(dumped: () => void): void {
    this.#context.database.statusRow = dumpStatus(this.#context, this.#queueMonitor, {
      pid: this.#pid,
      startedAt: this.#startedAt,
    });
    dumped();
  }
}

const makeContext = (
  { random, builders, database, settings, observer }: ProcessSurroundings,
  life: ProcessLife,
  wakeDispatcher: () => void,
): RunnerContext => {
  const jobsets = new Jobsets(database);
  const [hostSystem = ''] = settings.host.systems;
  return {
    life,
    timings: new Timings(random.fork()),
    builders,
    database,
    observer,
    counters: new Counters(),
    machineTypes: new MachineTypes(),
    machines: new MachineTable(hostSystem),
    jobsets,
    runnable: new RunnableSteps((jobset) => jobsets.shareUsed(jobset)),
    copySlots: new CopySlots(settings.maxLocalWorkerThreads),
    backOffDraws: new GlibcRandom(),
    steps: new Map(),
    threads: new Map(),
    wakeDispatcher,
  };
};
