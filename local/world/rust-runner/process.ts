import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { Build } from '../hydra/builds.ts';
import type { DatabaseListener, HydraDatabase } from '../hydra/database.ts';
import type { BuildObserver } from '../hydra/observer.ts';
import { ProcessLife } from '../hydra/process-life.ts';
import { Jobsets } from '../hydra/jobset-share.ts';
import { RustCounters, RustSteps, type RustContext } from './context.ts';
import { RustDispatcher } from './dispatcher.ts';
import { RunnerLink } from './link.ts';
import { RustMachine, type JoinMessage, type Tunnel } from './machine.ts';
import { RustMachines } from './machines.ts';
import { RustQueueMonitor } from './queue-monitor.ts';
import { RustQueues } from './queues.ts';
import type { RustRunnerSettings } from './settings.ts';
import { StepEnds, phaseOf } from './step-ends.ts';
import type { BusyRows } from './busy-rows.ts';
import { LISTEN_SECONDS, RustTimings } from './timings.ts';

/** The world a process lives in. */
export interface RustSurroundings {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly database: HydraDatabase;
  readonly rows: BusyRows;
  readonly settings: RustRunnerSettings;
  readonly observer: BuildObserver;
}

/** One life of the program. Machines, tries and clocks end with it. */
export class RustProcess implements DatabaseListener {
  readonly context: RustContext;
  readonly pid: number;
  readonly startedAt: number;
  readonly #dispatcher: RustDispatcher;
  readonly #monitor: RustQueueMonitor;
  readonly #ends: StepEnds;
  readonly #life: ProcessLife;
  /** The connections that builders have opened; closed ones are forgotten when the next is opened. */
  readonly #links = new Set<RunnerLink>();
  #lastMachineId = 0;

  constructor(surroundings: RustSurroundings, pid: number) {
    this.#life = new ProcessLife(surroundings.timeline);
    this.pid = pid;
    this.startedAt = this.#life.now;
    this.context = makeContext(surroundings, this.#life, () => {
      this.#dispatcher.wake();
    });
    this.#dispatcher = new RustDispatcher(this.context);
    this.#ends = new StepEnds(this.context);
    this.#monitor = new RustQueueMonitor(this.context, this.#ends);
    this.#dispatcher.begin();
  }

  /** Whether it takes calls and connections, if it does not hang. */
  get listening(): boolean {
    return this.#life.now >= this.startedAt + LISTEN_SECONDS;
  }

  get hung(): boolean {
    return this.#life.hung;
  }

  /** A builder joins: the dispatcher is woken at once, before the first ping. */
  join(message: JoinMessage, tunnel: Tunnel): RunnerLink {
    for (const known of this.#links) if (known.isClosed) this.#links.delete(known);
    const link = new RunnerLink(tunnel, this.#life, this.#ends, this.context.settings.tcpGiveUpSeconds);
    this.#links.add(link);
    if (this.hung) tunnel.runnerHangs(true);
    this.#life.deliver(() => {
      this.#lastMachineId += 1;
      const { machines, queues, wakeDispatcher } = this.context;
      const machine = new RustMachine(this.#lastMachineId, message, tunnel, this.#life.now);
      link.machine = machine;
      for (const system of message.systems) queues.at(system);
      machines.add(machine);
      wakeDispatcher();
    });
    return link;
  }

  buildsAdded(): void {
    this.#life.deliver(() => {
      this.#monitor.buildsAdded();
    });
  }

  buildsAddedSilently(): void {
    this.#monitor.buildsAddedSilently();
  }

  buildsCancelled(builds: readonly Build[]): void {
    this.#life.deliver(() => {
      this.#monitor.buildsCancelled(builds);
    });
  }

  databaseLost(): void {
    this.#life.deliver(() => {
      this.#monitor.databaseLost();
    });
  }

  /** SIGSTOP. Builders wait for a while. */
  hang(): void {
    this.#life.hang();
    this.#tellBuilders((tunnel) => {
      tunnel.runnerHangs(true);
    });
  }

  /** SIGCONT. */
  resume(): void {
    this.#tellBuilders((tunnel) => {
      tunnel.runnerHangs(false);
    });
    this.#life.resume();
  }

  /** However it ends: no try is counted for what was being built, and builders find their connections closed. */
  end(): void {
    this.#life.end();
    const { observer, rows } = this.context;
    for (const job of rows.all()) {
      if (job.try.outcome !== 'running') continue;
      job.try.outcome = 'lost';
      const { hostname: machine } = job.machine.join;
      observer.onStepLost?.({
        build: job.step.build,
        machine,
        address: machine,
        phase: phaseOf(job),
        cause: 'runner',
      });
    }
    this.#tellBuilders((tunnel) => {
      tunnel.runnerEnded();
    });
  }

  #tellBuilders(tell: (tunnel: Tunnel) => void): void {
    for (const { isClosed, tunnel } of [...this.#links]) if (!isClosed) tell(tunnel);
  }
}

const makeContext = (
  surroundings: RustSurroundings,
  life: ProcessLife,
  wakeDispatcher: () => void,
): RustContext => ({
  life,
  timings: new RustTimings(surroundings.random.fork()),
  get settings() {
    return surroundings.settings;
  },
  database: surroundings.database,
  rows: surroundings.rows,
  observer: surroundings.observer,
  counters: new RustCounters(),
  machines: new RustMachines(),
  queues: new RustQueues(),
  jobsets: new Jobsets(surroundings.database),
  steps: new RustSteps(),
  pending: [],
  wakeDispatcher,
});
