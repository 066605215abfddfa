import type { ProcessLife } from '../hydra/process-life.ts';
import type { RustMachine, Tunnel, RustJob } from './machine.ts';
import type { Ping } from './machine-stats.ts';
import type { StepEnds } from './step-ends.ts';
import type { Busy, JobResult, JobTimes } from './steps.ts';

/** A builder's end of its connection to one process of the queue runner. After its end nothing that is said arrives. */
export class RunnerLink {
  /** Undefined until the queue runner has taken the builder in. */
  machine: RustMachine | undefined;
  /** What the queue runner says goes here. */
  readonly tunnel: Tunnel;
  readonly #life: ProcessLife;
  readonly #ends: StepEnds;
  readonly #giveUpSeconds: number;
  #isClosed = false;

  /** @param giveUpSeconds until the kernel there gives up a peer that is silent. */
  constructor(tunnel: Tunnel, life: ProcessLife, ends: StepEnds, giveUpSeconds: number) {
    this.tunnel = tunnel;
    this.#life = life;
    this.#ends = ends;
    this.#giveUpSeconds = giveUpSeconds;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  ping(ping: Ping): void {
    this.#deliver((machine) => {
      machine.stats.heardFrom(ping, this.#life.now);
    });
  }

  progress(job: RustJob, busy: Busy): void {
    this.#deliver(() => {
      job.busy = busy;
    });
  }

  complete(job: RustJob, result: JobResult, times: JobTimes): void {
    this.#deliver(() => {
      this.#ends.report(job, result, times);
    });
  }

  /** The connection is closed in order: the queue runner sees it at once. */
  close(): void {
    this.#deliver((machine) => {
      this.#isClosed = true;
      this.#ends.leave(machine);
    });
  }

  /** The builder can no longer be reached, and nothing says so: the queue runner notices when its kernel gives up. */
  fallSilent(): () => void {
    return this.#life.after(this.#giveUpSeconds, () => {
      this.close();
    });
  }

  #deliver(happen: (machine: RustMachine) => void): void {
    this.#life.deliver(() => {
      if (!this.#isClosed && this.machine !== undefined) happen(this.machine);
    });
  }
}
