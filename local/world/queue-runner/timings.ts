import type { Random } from '../random.ts';

/** ssh's own ConnectTimeout, as the queue runner sets it. */
export const CONNECT_TIMEOUT_SECONDS = 60;
/** Linux' TCP keep-alive: two hours, then nine probes 75 s apart. Nothing else notices a peer that vanished. */
export const KEEPALIVE_SECONDS = 7200 + 9 * 75;
/** The machines files are looked at this often … */
export const POLL_SECONDS = 30;
/** … and this long after a refused one. */
export const POLL_AFTER_ERROR_SECONDS = 5;
/** Without a notification the queue is read again this often (libpqxx' waiting time). */
export const QUEUE_REREAD_SECONDS = 10;
/** From exec to the first look at the machines files: measured 0.03 to 0.13 s. */
export const FIRST_READ_SECONDS = 0.033;
/** From exec to the first dump, an empty one, and to the first look at the queue. */
export const FIRST_DUMP_SECONDS = 0.02;
export const FIRST_QUEUE_LOOK_SECONDS = 0.035;
/** From a commit to the queue being read: builds were dispatched 0.001 to 0.03 s after it. */
export const NOTIFY_SECONDS = 0.002;
/** The builds of a large evaluation, read at once, are loaded no faster than this each: measured 24 s for 800. */
export const LARGE_LOAD_SECONDS = 0.03;
/** From so many builds on a load is a large one. An assumption: all smaller ones that were measured were fast. */
export const LARGE_LOAD_BUILDS = 500;
/** One round of the dispatcher, for the counters only: measured 0.02 to 0.14 ms. */
export const DISPATCH_SECONDS = 0.00004;
/** Marking one unsupported step as failed; the dispatcher does nothing else meanwhile. Measured 6.0 and 6.7 ms. */
export const ABORT_SECONDS = 0.0063;
/** The first abort also opens a database connection: measured, all others were loaded meanwhile. */
export const FIRST_ABORT_SECONDS = 0.02;
/** Between a lost connection and the retry being drawn: recording the lost try. Measured 1 to 6 ms. */
export const RECORD_LOSS_SECONDS = 0.002;
/** From a SIGINT to ssh to the step seeing its end. An assumption of the usual size, not measured. */
export const KILL_SECONDS = 0.02;

/** How soon a builder or the program itself says that it cannot do a step at all. Not measured. */
export const REFUSAL_SECONDS = 0.01;

const SHORTEST_CONNECT_SECONDS = 0.105;
const LONGEST_CONNECT_SECONDS = 0.734;
/** Beyond so many steps connecting at once each takes longer, up to a crowd. */
const UNCROWDED = 2;
const CROWD = 10;
const CROWDING_SECONDS = 0.03;
const MEGABYTES_PER_MIB = 1.048576;

/**
 * How long things take, drawn from the spreads of 350 good steps
 * (measured: docs/develop/facts.md#how-long-the-queue-runner-takes).
 */
export class Timings {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * From dispatch to the build: ssh, handshake, inputs. Measured on a quiet host: mean 0.16 s with up to two
   * others, 0.03 s more for each further one.
   * @param others steps that are connecting already.
   */
  connectSeconds(others: number): number {
    const crowding = CROWDING_SECONDS * Math.min(Math.max(others - UNCROWDED, 0), CROWD);
    return Math.min(
      SHORTEST_CONNECT_SECONDS + this.#lognormal(0.05, 0.45) + crowding,
      LONGEST_CONNECT_SECONDS,
    );
  }

  /** Until a step's thread runs ssh: it waits its turn behind others that were just started. */
  threadStartSeconds(others: number): number {
    return 0.001 + 0.004 * Math.min(others, CROWD);
  }

  /** A refused connection: measured 0.01 s alone, 0.04 s among others started with it. */
  refusedSeconds(): number {
    return this.#random.between(0.01, 0.012);
  }

  /** From the death of a builder to its steps seeing it: measured 0.20 s, steps some ms apart. */
  deathSeconds(): number {
    return this.#random.between(0.2, 0.21);
  }

  /** What building takes beyond the build's own seconds: measured on a quiet host 0.007 to 0.1, mean 0.011. */
  buildOverheadSeconds(): number {
    return 0.007 + Math.min(this.#lognormal(0.003, 0.9), 0.1);
  }

  /**
   * Writing and hashing a large output on the builder: measured 3 to 8 s for 1000 MiB.
   * @param others steps hashing or copying at the same time, which share the processors.
   */
  hashSeconds(outputMiB: number, others: number): number {
    if (outputMiB === 0) return 0;
    const perThousand = Math.min(3 + 1.25 * others, 8) * this.#random.between(0.9, 1.1);
    return (outputMiB / 1000) * perThousand;
  }

  /** Copying an output back: measured 90 to 106 MB/s, each of two at a time. Small ones take about 8 ms. */
  copySeconds(outputMiB: number): number {
    const bulk = outputMiB === 0 ? 0 : (outputMiB * MEGABYTES_PER_MIB) / this.#random.between(90, 106);
    return bulk + Math.min(0.003 + this.#lognormal(0.005, 0.8), 0.1);
  }

  /** Recording a finished step: together with a small copy-back measured median 0.018, p99 0.1. */
  recordSeconds(): number {
    return 0.002 + Math.min(this.#lognormal(0.007, 0.8), 0.1);
  }

  /** Loading one build: measured 0.1 to 5.4 ms, more as more steps are being started beside it. */
  loadSeconds(connecting: number): number {
    return this.#random.between(0.0002, 0.0016) + 0.0006 * Math.min(connecting, CROWD);
  }

  /** From a thaw to the end of a build that should have ended meanwhile: measured 0.12 to 0.2 s. */
  thawSeconds(): number {
    return this.#random.between(0.12, 0.2);
  }

  #lognormal(median: number, deviation: number): number {
    return median * Math.exp(deviation * this.#random.normal());
  }
}
