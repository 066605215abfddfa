import type { Cancel, Timeline } from '../timeline.ts';
import { BuilderService } from './builder-service.ts';
import type { DialPoint, Exit } from './dialing.ts';
import type { RunnerLink } from './link.ts';
import type { ServiceHost } from './service-host.ts';
import type { FullBuilderOptions } from './settings.ts';
import { RESET_SECONDS, type RustTimings } from './timings.ts';

/** What the unit of a builder says of itself. */
export interface BuilderUnit {
  /** In systemd's words. */
  readonly activeState: 'active' | 'activating' | 'inactive';
  /** How its main process ended last; 0 before that. */
  readonly exitStatus: number;
  /** Its last lines, the oldest first. */
  readonly journal: readonly string[];
}

/** A time in which nothing got through to a machine, or from it. */
export interface Silence {
  readonly since: number;
  readonly until?: number;
}

const JOURNAL_LINES = 60;

/** One machine with hydra-builder as a unit, which systemd starts again whenever it ends by itself. */
export class RustBuilder implements ServiceHost {
  readonly options: FullBuilderOptions;
  readonly timeline: Timeline;
  readonly timings: RustTimings;
  readonly runner: DialPoint;
  /** Whether its gauge is full. That shows with the next ping. */
  isClosed: boolean;
  hasDaemon = true;
  isFrozen = false;
  /** Whether it has had a connection since its machine booted. */
  hasJoined = false;
  /** Whether packets reach it and leave it. */
  isCutOff = false;
  #service: BuilderService | undefined;
  #restart: Cancel | undefined;
  #exitStatus = 0;
  #silence: Silence | undefined;
  readonly #journal: string[] = [];
  /** Connections of which the queue runner hears nothing, and when its kernel gives them up. */
  readonly #silent = new Map<RunnerLink, Cancel>();

  constructor(surroundings: {
    readonly timeline: Timeline;
    readonly timings: RustTimings;
    readonly runner: DialPoint;
    readonly options: FullBuilderOptions;
    readonly isClosed: boolean;
  }) {
    this.timeline = surroundings.timeline;
    this.timings = surroundings.timings;
    this.runner = surroundings.runner;
    this.options = surroundings.options;
    this.isClosed = surroundings.isClosed;
  }

  /** Whether the queue runner has it, as far as the builder knows. */
  get isJoined(): boolean {
    return this.#service?.link !== undefined;
  }

  get isWell(): boolean {
    return this.isJoined && this.hasDaemon && !this.isFrozen && !this.isCutOff;
  }

  get unit(): BuilderUnit {
    const isActive = this.#service !== undefined;
    const idle = this.#restart === undefined ? 'inactive' : 'activating';
    return {
      activeState: isActive ? 'active' : idle,
      exitStatus: this.#exitStatus,
      journal: [...this.#journal],
    };
  }

  start(): void {
    this.#cancelRestart();
    this.#service ??= new BuilderService(this, (exit) => {
      this.#ended(exit);
    });
  }

  /** SIGTERM by systemd: it is not started again. */
  stop(): void {
    this.#cancelRestart();
    this.#service?.end(this.timings.leaveSeconds());
    this.#service = undefined;
    this.#log('Received sigterm - shutting down gracefully');
  }

  /** SIGKILL; `isForGood` where nobody starts it again. */
  kill(isForGood: boolean): void {
    this.#cancelRestart();
    this.#service?.end(this.timings.deathSeconds());
    this.#service = undefined;
    this.#exitStatus = 9;
    if (!isForGood) this.#startLater();
  }

  joined(): void {
    this.hasJoined = true;
  }

  /** When it could not be heard last, in epoch seconds; `until` is absent while that lasts. */
  get silence(): Silence | undefined {
    return this.#silence;
  }

  freeze(): void {
    this.#fallSilent();
    this.isFrozen = true;
    this.#service?.freeze();
  }

  thaw(): void {
    this.isFrozen = false;
    this.#speak();
    this.#service?.thaw();
  }

  /** Nothing says that it is gone: the queue runner's kernel has to find out. */
  cutOff(): void {
    this.#fallSilent();
    this.isCutOff = true;
    const link = this.#service?.link;
    if (link !== undefined) this.#silent.set(link, link.fallSilent());
    this.#service?.cutOff();
  }

  /** A connection that outlasted it goes on; another one is answered as unknown. */
  heal(): void {
    this.isCutOff = false;
    this.#speak();
    for (const [link, giveUp] of this.#silent) {
      giveUp();
      if (link !== this.#service?.link)
        this.timeline.after(RESET_SECONDS, () => {
          link.close();
        });
    }
    this.#silent.clear();
    this.#service?.heal();
  }

  /** Closes a connection, unless nothing gets through: then its queue runner hears nothing of it. */
  close(link: RunnerLink): void {
    if (!this.isCutOff) link.close();
  }

  daemonDies(): void {
    this.hasDaemon = false;
  }

  #fallSilent(): void {
    if (!this.isFrozen && !this.isCutOff) this.#silence = { since: this.timeline.now };
  }

  #speak(): void {
    if (this.#silence === undefined || this.isFrozen || this.isCutOff) return;
    this.#silence = { ...this.#silence, until: this.timeline.now };
  }

  #log(line: string): void {
    this.#journal.push(line);
    if (this.#journal.length > JOURNAL_LINES) this.#journal.shift();
  }

  #ended({ status, lines }: Exit): void {
    this.#service = undefined;
    this.#exitStatus = status;
    for (const line of lines) this.#log(line);
    this.#startLater();
  }

  #startLater(): void {
    this.#restart = this.timeline.after(this.timings.restartSeconds(), () => {
      this.#restart = undefined;
      this.start();
    });
  }

  #cancelRestart(): void {
    this.#restart?.();
    this.#restart = undefined;
  }
}
