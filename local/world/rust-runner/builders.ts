import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { RustBuilder, type BuilderUnit, type Silence } from './builder.ts';
import type { DialPoint } from './dialing.ts';
import { completeOptions, type RustBuilderOptions } from './settings.ts';
import { RustTimings } from './timings.ts';

/** How long a reboot takes. An assumption. */
const REBOOT_SECONDS = 30;

/**
 * The machines that run hydra-builder, by a key that is the name they claim unless said otherwise. They dial in to the
 * queue runner; nobody dials them. What is asked of a key that is not there does nothing.
 */
export class RustBuilders {
  readonly #timeline: Timeline;
  readonly #timings: RustTimings;
  readonly #runner: DialPoint;
  readonly #builders = new Map<string, RustBuilder>();

  constructor(surroundings: {
    readonly timeline: Timeline;
    readonly random: Random;
    /** Where they dial in. */
    readonly runner: DialPoint;
  }) {
    this.#timeline = surroundings.timeline;
    this.#timings = new RustTimings(surroundings.random);
    this.#runner = surroundings.runner;
  }

  /** A machine has booted and starts its builder, which joins 0.3 to 0.6 s later if it is let in. */
  join(key: string, options: RustBuilderOptions): void {
    this.#builders.get(key)?.kill(true);
    const builder = new RustBuilder({
      timeline: this.#timeline,
      timings: this.#timings,
      runner: this.#runner,
      options: completeOptions(key, options),
      isClosed: options.isClosed ?? false,
    });
    this.#builders.set(key, builder);
    builder.start();
  }

  /** Fills its gauge: from its next ping on it is given nothing. Restarts of its service change nothing about that. */
  close(key: string): void {
    this.#with(key, (builder) => {
      builder.isClosed = true;
    });
  }

  /** Empties its gauge. */
  open(key: string): void {
    this.#with(key, (builder) => {
      builder.isClosed = false;
    });
  }

  isClosed(key: string): boolean | undefined {
    return this.#builders.get(key)?.isClosed;
  }

  /** Whether it has a connection to the queue runner, as far as it knows. */
  isJoined(key: string): boolean {
    return this.#builders.get(key)?.isJoined ?? false;
  }

  /** Whether it has had a connection since it booted. */
  hasJoined(key: string): boolean {
    return this.#builders.get(key)?.hasJoined ?? false;
  }

  /** Whether it is connected, can be heard, and builds what it is given. */
  isWell(key: string): boolean {
    return this.#builders.get(key)?.isWell ?? false;
  }

  /** When a machine could not be heard last; undefined where it always could. */
  silence(key: string): Silence | undefined {
    return this.#builders.get(key)?.silence;
  }

  /** What systemd and the journal of the machine say; undefined for an unknown one. */
  unit(key: string): BuilderUnit | undefined {
    return this.#builders.get(key)?.unit;
  }

  /** SIGTERM, as when the machine shuts down or its unit is stopped: its steps are aborted, and it does not come back. */
  leave(key: string): void {
    this.#with(key, (builder) => {
      builder.stop();
      builder.hasJoined = false;
    });
  }

  /** The machine dies at once, its connection with it, and does not come back. */
  kill(key: string): void {
    this.#with(key, (builder) => {
      builder.kill(true);
    });
  }

  /** SIGKILL of the process: systemd starts it again. */
  crash(key: string): void {
    this.#with(key, (builder) => {
      builder.kill(false);
    });
  }

  /** `systemctl restart`, with other settings if any are given; what it claims is only said at joining. */
  restart(key: string, changes: Partial<RustBuilderOptions> = {}): void {
    this.#with(key, (builder) => {
      const { token, ...options } = builder.options;
      builder.stop();
      this.join(key, {
        ...options,
        ...(token === undefined ? {} : { token }),
        isClosed: builder.isClosed,
        ...changes,
      });
      if (builder.hasJoined) this.#builders.get(key)?.joined();
    });
  }

  /** The machine restarts, and is closed until somebody opens it. */
  reboot(key: string, seconds = REBOOT_SECONDS): void {
    this.#with(key, (builder) => {
      builder.stop();
      builder.isClosed = true;
      builder.hasDaemon = true;
      this.#timeline.after(seconds, () => {
        if (this.#builders.get(key) === builder) builder.start();
      });
    });
  }

  /** SIGSTOP: it says nothing, its builds go on, and nothing is lost. */
  freeze(key: string): void {
    this.#with(key, (builder) => {
      builder.freeze();
    });
  }

  thaw(key: string): void {
    this.#with(key, (builder) => {
      builder.thaw();
    });
  }

  /** It can no longer be reached, and nobody is told. After 31 s it gives up itself. */
  vanish(key: string): void {
    this.#with(key, (builder) => {
      builder.cutOff();
    });
  }

  /** It can be reached again. */
  heal(key: string): void {
    this.#with(key, (builder) => {
      builder.heal();
    });
  }

  /** Its Nix daemon dies: each step that it is given fails at once, what it builds fails in the end, and nothing disables it. */
  daemonDies(key: string): void {
    this.#with(key, (builder) => {
      builder.daemonDies();
    });
  }

  daemonReturns(key: string): void {
    this.#with(key, (builder) => {
      builder.hasDaemon = true;
    });
  }

  #with(key: string, change: (builder: RustBuilder) => void): void {
    const builder = this.#builders.get(key);
    if (builder !== undefined) change(builder);
  }
}
