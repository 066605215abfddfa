import { disableAfterFailure } from './back-off.ts';
import type { BuilderConnection } from './builder-network.ts';
import type { Step } from '../hydra/builds.ts';
import type { Machine } from './machines.ts';
import type { StepPhase } from '../hydra/observer.ts';
import type { RunnerContext } from './runner-context.ts';
import { StepAccount } from './step-account.ts';
import { KILL_SECONDS, RECORD_LOSS_SECONDS, REFUSAL_SECONDS } from './timings.ts';

/** Measured on steps without inputs to send and a few bytes of output. */
const BYTES_SENT = 832;
const BYTES_RECEIVED = 760;
const MIB = 1_048_576;

/** One try of one step on one machine: connect, build, wait for a copy slot, copy back, record. */
export class BuilderThread {
  readonly #context: RunnerContext;
  readonly #step: Step;
  readonly #machine: Machine;
  readonly #account: StepAccount;
  readonly #connection: BuilderConnection;
  #phase: StepPhase = 'connecting';
  #hashing = false;
  #connectionLost = false;
  #cancelled = false;

  /** Takes a slot of the machine and begins to connect. */
  constructor(context: RunnerContext, step: Step, machine: Machine) {
    this.#context = context;
    this.#step = step;
    this.#machine = machine;
    this.#account = new StepAccount(context, step, machine);
    this.#connection = context.builders.open(machine.config, this.#delivering(this.#breakOff));
    this.#connect();
  }

  /** Its build was cancelled while it was under way. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Kills its ssh, which counts as a failure of the machine. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    if (this.#phase === 'recording') return;
    this.#connection.close();
    this.#context.life.after(KILL_SECONDS, this.#breakOff);
  }

  /** The process ends under it. */
  abandon(): void {
    this.#connection.close();
    this.#account.abandon();
    if (!this.#cancelled) this.#account.tellLost(this.#phase, 'runner');
  }

  /** Threads get going one after another, so of two that fail the one started first does so first. */
  #connect(): void {
    const { counters, timings, life } = this.#context;
    const others = counters.connecting;
    counters.connecting += 1;
    life.after(timings.threadStartSeconds(others), () => {
      const seconds = timings.connectSeconds(others);
      if (this.#machine.config.scheme === 'ssh')
        this.#connection.connect(seconds, this.#delivering(this.#build));
      // Other schemes can be written down, but the program speaks nothing else.
      else life.after(REFUSAL_SECONDS, this.#breakOff);
    });
  }

  readonly #build = (): void => {
    const { counters, timings } = this.#context;
    const { build } = this.#step;
    counters.connecting -= 1;
    counters.stepsBuilding += 1;
    this.#machine.history.consecutiveFailures = 0;
    this.#phase = 'building';
    this.#account.beginBuild();
    const canBuild = this.#connection.hasFeatures(build.kind.features);
    const seconds = canBuild ? build.seconds + timings.buildOverheadSeconds() : REFUSAL_SECONDS;
    this.#connection.build(seconds, this.#delivering(canBuild ? this.#hash : this.#builderCannot));
  };

  /** Large outputs are written and hashed before the build counts as done. */
  readonly #hash = (): void => {
    const { build } = this.#step;
    if (build.outputMiB === 0 || build.fail) {
      this.#endBuild();
      return;
    }
    const { counters, timings } = this.#context;
    const seconds = timings.hashSeconds(build.outputMiB, counters.hashing + counters.stepsCopyingFrom);
    this.#setHashing(true);
    this.#connection.build(seconds, this.#delivering(this.#endBuild));
  };

  readonly #endBuild = (): void => {
    const { copySlots, counters } = this.#context;
    counters.stepsBuilding -= 1;
    this.#account.endBuild();
    if (this.#step.build.fail) {
      this.#record('failed');
      return;
    }
    this.#setHashing(false);
    this.#phase = 'waiting-for-copy-slot';
    copySlots.acquire(this.#copyBack);
  };

  /** Only now is the machine's slot free for another step. */
  readonly #copyBack = (): void => {
    const { counters, timings, wakeDispatcher } = this.#context;
    this.#phase = 'copying-back';
    counters.stepsCopyingFrom += 1;
    this.#account.releaseMachineSlot();
    wakeDispatcher();
    if (this.#connectionLost) this.#breakOff();
    else {
      const seconds = timings.copySeconds(this.#step.build.outputMiB);
      this.#connection.copyBack(seconds, this.#delivering(this.#endCopy));
    }
  };

  readonly #endCopy = (): void => {
    const { counters, copySlots } = this.#context;
    counters.stepsCopyingFrom -= 1;
    counters.bytesReceived += this.#step.build.outputMiB * MIB;
    counters.narsAdded += 1;
    this.#record('succeeded');
    copySlots.release();
  };

  /** The connection is gone. A step that waits for a copy slot only finds out when it gets one. */
  readonly #breakOff = (): void => {
    const { backOffDraws, life } = this.#context;
    const phase = this.#phase;
    if (phase === 'recording') return;
    if (phase === 'waiting-for-copy-slot') {
      this.#connectionLost = true;
      return;
    }
    if (!this.#cancelled) this.#account.tellLost(phase, 'connection');
    disableAfterFailure(this.#machine.history, life.now, backOffDraws);
    this.#account.breakOff();
    this.#phase = 'recording';
    life.after(RECORD_LOSS_SECONDS, this.#recordLoss);
    this.#leave(phase);
  };

  #leave(phase: StepPhase): void {
    const { counters, copySlots } = this.#context;
    this.#setHashing(false);
    if (phase === 'connecting') counters.connecting -= 1;
    if (phase === 'building') counters.stepsBuilding -= 1;
    if (phase !== 'copying-back') return;
    counters.stepsCopyingFrom -= 1;
    copySlots.release();
  }

  readonly #recordLoss = (): void => {
    if (this.#cancelled) this.#account.finish('cancelled');
    else this.#account.retryOrGiveUp();
  };

  /** Nix on the builder refuses: no fault of the connection, so the machine is not disabled. */
  readonly #builderCannot = (): void => {
    this.#context.counters.stepsBuilding -= 1;
    this.#account.endBuild();
    this.#connection.close();
    this.#phase = 'recording';
    this.#recordLoss();
  };

  #record(status: 'succeeded' | 'failed'): void {
    const { counters, life, timings } = this.#context;
    this.#phase = 'recording';
    counters.bytesSent += BYTES_SENT;
    counters.bytesReceived += BYTES_RECEIVED;
    this.#connection.close();
    life.after(timings.recordSeconds(), () => {
      this.#account.finish(status);
    });
  }

  #setHashing(hashing: boolean): void {
    if (this.#hashing === hashing) return;
    this.#hashing = hashing;
    this.#context.counters.hashing += hashing ? 1 : -1;
  }

  /** A connection knows nothing of a hung process: what it reports waits. */
  #delivering(happen: () => void): () => void {
    return () => {
      this.#context.life.deliver(happen);
    };
  }
}
