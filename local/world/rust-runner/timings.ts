import type { Random } from '../random.ts';

/** Between two rounds of the dispatcher: what wakes it meanwhile is one waking. (From its sources.) */
export const DISPATCH_REST_SECONDS = 0.5;
/** From exec to REST answering, and to the first look at the queue. Measured: 0.7 s until 20 builds were loaded. */
export const LISTEN_SECONDS = 0.1;
export const FIRST_CHECK_SECONDS = 0.3;
/** From a commit to the queue being looked at. */
export const NOTIFY_SECONDS = 0.005;
/** One look at the queue: for a build seen the first time, and for one that is known. Measured on a debug build. */
export const LOAD_SECONDS = 0.003;
export const RELOAD_SECONDS = 0.0006;
/** systemd starts either program again so long after its end. */
export const RESTART_SECONDS = 5;
/**
 * A builder gives up a queue runner that does not answer: measured 31 s after the last packet, with HTTP/2 pings every
 * 20 s and 20 s of patience.
 */
export const BUILDER_PATIENCE_SECONDS = 31;
/** What a queue check that failed waits: 2 s, doubled up to this. */
export const LAST_CHECK_PAUSE_SECONDS = 64;
/** A step that a builder cannot even begin, and one that its Nix refuses. Measured: 21 of them in 3 s, three at a time. */
export const REFUSAL_SECONDS = 0.08;
/** Fetching the inputs of a step that has none: measured 46 ms. */
export const IMPORT_SECONDS = 0.046;
/** From the return of a network to the queue runner hearing that its peer has forgotten the connection. An assumption. */
export const RESET_SECONDS = 30;

/** Measured: three outputs of 700 MB that travel at once take 14 s. */
const MIB_PER_SECOND = 50;
const SMALL_UPLOAD_SECONDS = 0.063;

/**
 * How long things take, from a debug build on a loaded host
 * (measured: docs/develop/facts.md#how-long-the-rust-queue-runner-takes).
 */
export class RustTimings {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** From the start of a builder's process to its entry in the status: measured 0.3 to 0.6 s. */
  joinSeconds(): number {
    return this.#random.between(0.3, 0.6);
  }

  /** From the entry to the first ping: the dispatch that the entry sets off comes before it. */
  firstPingSeconds(): number {
    return this.#random.between(0.03, 0.12);
  }

  /** Giving one step to a machine, mostly spent in the database: measured 20 to 65 ms. */
  dispatchSeconds(): number {
    return this.#random.between(0.02, 0.065);
  }

  /** Recording one step of a machine that has left, one after the other. */
  failSeconds(): number {
    return this.#random.between(0.03, 0.1);
  }

  /** Recording what a builder reports. */
  recordSeconds(): number {
    return this.#random.between(0.02, 0.08);
  }

  /** From SIGTERM to the end of a builder's connection: measured below 0.3 s. */
  leaveSeconds(): number {
    return this.#random.between(0.05, 0.2);
  }

  /** From a SIGKILL of a builder to the queue runner seeing it: the kernel closes the connection. */
  deathSeconds(): number {
    return this.#random.between(0.005, 0.05);
  }

  /** Between two attempts of systemd there is a start, too. */
  restartSeconds(): number {
    return RESTART_SECONDS + this.#random.between(0, 0.1);
  }

  /** What a build takes beyond its own seconds. */
  buildOverheadSeconds(): number {
    return this.#random.between(0.02, 0.15);
  }

  /** Sending an output, in MiB, back. */
  uploadSeconds(outputMiB: number): number {
    return outputMiB / MIB_PER_SECOND + SMALL_UPLOAD_SECONDS * this.#random.between(0.5, 1.5);
  }

  /** How long a step of a broken builder takes to fail. */
  refusalSeconds(): number {
    return REFUSAL_SECONDS * this.#random.between(0.5, 1.5);
  }
}
