import type { Cancel, Timeline } from '../timeline.ts';
import type { BuilderConnection } from './builder-network.ts';
import { CONNECT_TIMEOUT_SECONDS, KEEPALIVE_SECONDS, type Timings } from './timings.ts';

/**
 * What a connection to a builder meets: an answer, a refusal at once, or silence (TCP is accepted or swallowed
 * and nothing ever comes).
 */
export type BuilderState = 'up' | 'down' | 'silent';

/** A builder as its connections see it. */
export interface ConnectionHost {
  readonly timeline: Timeline;
  readonly timings: Timings;
  readonly state: BuilderState;
  /** What its own Nix offers; undefined for everything. */
  readonly features: ReadonlySet<string> | undefined;
  readonly connections: Set<SimulatedConnection>;
}

/** What the connection is at: `clock` work goes on while the builder is frozen, `live` work does not. */
interface Work {
  readonly pace: 'clock' | 'live';
  readonly done: () => void;
  /** Seconds left when it was last started. */
  remaining: number;
  startedAt: number;
  cancel: Cancel | undefined;
}

/** One connection to a simulated builder, driven by that builder's fate. */
export class SimulatedConnection implements BuilderConnection {
  readonly #host: ConnectionHost;
  readonly #lost: () => void;
  #work: Work | undefined;
  #deadline: Cancel | undefined;
  /** The builder can neither be heard nor come back. */
  #cut = false;
  #ended = false;

  constructor(host: ConnectionHost, lost: () => void) {
    this.#host = host;
    this.#lost = lost;
    host.connections.add(this);
  }

  connect(seconds: number, done: () => void): void {
    if (this.#ended) return;
    if (this.#host.state === 'down') {
      this.#loseAfter(this.#host.timings.refusedSeconds());
      return;
    }
    if (this.#host.state === 'silent') this.#loseAfter(CONNECT_TIMEOUT_SECONDS);
    this.#begin('live', seconds, () => {
      this.#dropDeadline();
      done();
    });
  }

  build(seconds: number, done: () => void): void {
    this.#begin('clock', seconds, done);
  }

  copyBack(seconds: number, done: () => void): void {
    this.#begin('live', seconds, done);
  }

  hasFeatures(features: readonly string[]): boolean {
    const own = this.#host.features;
    return own === undefined || features.every((feature) => own.has(feature));
  }

  close(): void {
    this.#end();
  }

  /** The builder died: the connection breaks. */
  die(): void {
    this.#cut = true;
    this.#stopWork();
    this.#loseAfter(this.#host.timings.deathSeconds());
  }

  /** The builder vanished without a word: only TCP's keep-alive notices. */
  vanish(): void {
    this.freeze();
    this.#cut = true;
    if (this.#deadline === undefined) this.#loseAfter(KEEPALIVE_SECONDS);
  }

  freeze(): void {
    const work = this.#work;
    if (work?.cancel === undefined) return;
    work.cancel();
    work.cancel = undefined;
    work.remaining -= this.#host.timeline.now - work.startedAt;
    work.startedAt = this.#host.timeline.now;
  }

  thaw(): void {
    const work = this.#work;
    if (this.#cut || work === undefined || work.cancel !== undefined) return;
    const { timeline, timings } = this.#host;
    const passed = work.pace === 'clock' ? timeline.now - work.startedAt : 0;
    work.remaining = Math.max(work.remaining - passed, timings.thawSeconds());
    this.#proceed(work);
  }

  #begin(pace: Work['pace'], seconds: number, done: () => void): void {
    if (this.#ended) return;
    this.#work = { pace, done, remaining: seconds, startedAt: this.#host.timeline.now, cancel: undefined };
    if (this.#host.state !== 'silent' && !this.#cut) this.#proceed(this.#work);
  }

  #proceed(work: Work): void {
    work.startedAt = this.#host.timeline.now;
    work.cancel = this.#host.timeline.after(work.remaining, () => {
      this.#work = undefined;
      work.done();
    });
  }

  #loseAfter(seconds: number): void {
    this.#dropDeadline();
    this.#deadline = this.#host.timeline.after(seconds, () => {
      this.#end();
      this.#lost();
    });
  }

  #end(): void {
    this.#ended = true;
    this.#stopWork();
    this.#dropDeadline();
    this.#host.connections.delete(this);
  }

  #dropDeadline(): void {
    this.#deadline?.();
    this.#deadline = undefined;
  }

  #stopWork(): void {
    this.#work?.cancel?.();
    this.#work = undefined;
  }
}
