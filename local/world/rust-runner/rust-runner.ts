import { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { Build, BuildBatch } from '../hydra/builds.ts';
import { HydraDatabase } from '../hydra/database.ts';
import type { BuildObserver } from '../hydra/observer.ts';
import { answersOf, type RestAnswer, type RustAnswers, statusOf } from './answers.ts';
import type { Credentials, DialPoint } from './dialing.ts';
import type { RunnerLink } from './link.ts';
import type { JoinMessage, RustMachine, Tunnel } from './machine.ts';
import { RustProcess, type RustSurroundings } from './process.ts';
import { rustDefaults, type RustRunnerSettings } from './settings.ts';
import { BusyRows } from './busy-rows.ts';

/** What a queue runner is made of. */
export interface RustRunnerOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  /** Unset ones are the defaults of nixpkgs' module. */
  readonly settings?: Partial<RustRunnerSettings>;
  readonly observer?: BuildObserver;
  /** What another queue runner has left behind; an empty one when absent. */
  readonly database?: HydraDatabase;
}

/** Which steps its own host could build makes no difference to it. */
const NO_HOST = { systems: [], features: [] };

/**
 * The Rust hydra-queue-runner as a service on a host, with its database, in virtual time. The timeline counts epoch
 * seconds. It is modelled after measurements of the real program (NixOS/hydra 14332fbf), flaws included. Its builders
 * are {@link RustBuilders}, which dial in here.
 */
export class RustRunner implements DialPoint {
  readonly #surroundings: RustSurroundings;
  /** A running program reads them at each use, so that a change takes effect as after SIGHUP. */
  #settings: RustRunnerSettings;
  readonly #orderDraws: Random;
  readonly #statusDraws = new Random(1);
  readonly database: HydraDatabase;
  #process: RustProcess | undefined;
  #lastPid = 100;

  constructor(options: RustRunnerOptions) {
    const observer = options.observer ?? {};
    this.database = options.database ?? new HydraDatabase(NO_HOST, observer);
    this.#orderDraws = options.random.fork();
    this.#settings = { ...rustDefaults, ...options.settings };
    const settings = (): RustRunnerSettings => this.#settings;
    this.#surroundings = {
      timeline: options.timeline,
      random: options.random,
      database: this.database,
      rows: new BusyRows(),
      get settings() {
        return settings();
      },
      observer,
    };
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** What it is told now. */
  get settings(): RustRunnerSettings {
    return this.#settings;
  }

  /** Builds that have not ended, oldest first. */
  get unfinishedBuilds(): IterableIterator<Build> {
    return this.database.unfinished();
  }

  /** Starts the program; rows that still say that something runs are marked as aborted. @throws when it runs already. */
  start(): void {
    if (this.#process !== undefined) throw new Error('the queue runner is already running');
    this.#lastPid += 1;
    this.#surroundings.rows.clear();
    this.#process = new RustProcess(this.#surroundings, this.#lastPid);
    this.database.listener = this.#process;
  }

  /** SIGTERM. */
  stop(): void {
    this.kill();
  }

  /** SIGKILL. Nobody starts it again. */
  kill(): void {
    const process = this.#process;
    this.#process = undefined;
    this.database.listener = undefined;
    process?.end();
  }

  /** SIGSTOP: it does nothing until it resumes. Builders go on, and give it up after a while. */
  hang(): void {
    this.#process?.hang();
  }

  resume(): void {
    this.#process?.resume();
  }

  /** PostgreSQL stops or starts. A running program goes on from memory, and starts and records nothing. */
  setDatabaseReachable(reachable: boolean): void {
    this.database.reachable = reachable;
    if (!reachable) this.#process?.databaseLost();
  }

  /** Queues builds in one transaction and notifies the program. Each build keeps telling how it fares. */
  queue(...batches: readonly BuildBatch[]): readonly Build[] {
    return this.database.insert(batches, this.#surroundings.timeline.now, true);
  }

  /** Queues builds without notifying anybody: they are seen when others are queued, or at the next start. */
  queueSilently(...batches: readonly BuildBatch[]): readonly Build[] {
    return this.database.insert(batches, this.#surroundings.timeline.now, false);
  }

  /** Cancels builds; those that have ended stay as they are. */
  cancel(builds: readonly Build[]): void {
    this.database.cancel(builds, this.#surroundings.timeline.now);
  }

  /** Its file was changed, and SIGHUP sent: builders are not disturbed. */
  reload(changes: Partial<RustRunnerSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
  }

  /** `notify builds_added` without any: the queue is looked at, and steps are given out. */
  poke(): void {
    this.database.listener?.buildsAdded();
  }

  dial(
    message: JoinMessage,
    tunnel: Tunnel,
    { version, token }: Credentials,
  ): RunnerLink | 'refused' | 'other version' | 'not let in' {
    const { protocolVersion, tokens } = this.#surroundings.settings;
    if (this.#process?.listening !== true) return 'refused';
    if (tokens !== undefined && (token === undefined || !tokens.includes(token))) return 'not let in';
    if (version !== protocolVersion) return 'other version';
    return this.#process.join(message, tunnel);
  }

  /** How many slots of a machine are held by steps that are over; of several with one name the fewest. */
  heldSlots(hostname: string): number {
    const held = this.#named(hostname).map(({ heldSlots }) => heldSlots);
    return held.length === 0 ? 0 : Math.min(...held);
  }

  /** Whether a machine can be given work now or later. One that has not joined may do so. */
  hasUsableSlot(hostname: string): boolean {
    const named = this.#named(hostname);
    return named.length === 0 || named.some(({ heldSlots, join }) => heldSlots < join.maxJobs);
  }

  #named(hostname: string): readonly RustMachine[] {
    const machines = [...(this.#process?.context.machines.all() ?? [])];
    return machines.filter(({ join }) => join.hostname === hostname);
  }

  /** What `GET /status` answers; what others are told stays in the order it would have. */
  status(): RestAnswer {
    const { hasSocketUnit } = this.#surroundings.settings;
    return statusOf({ process: this.#process, hasSocketUnit, order: this.#statusDraws });
  }

  /** What a document on the host would read, as if it took no time. */
  answers(): RustAnswers {
    const { database, rows, settings } = this.#surroundings;
    return answersOf({
      process: this.#process,
      database,
      rows,
      hasSocketUnit: settings.hasSocketUnit,
      order: this.#orderDraws,
    });
  }
}
