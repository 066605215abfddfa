/**
 * A farm as a peer sees it: machines that boot, a queue of one kind of step, and a Hydra whose queue runner reads its
 * machines file every 30 s and gives each step to the least loaded machine. Kinder to peers than the real thing:
 * no call fails, what runs is always known, and no step is given to a machine that has just been ended.
 */
import type { Timeline } from '../../world/timeline.ts';

/** A machine of a peer. Instants are in seconds on the farm's timeline. */
export interface PeerMachine {
  readonly launchedAt: number;
  /** Its sshd answers from here on. */
  readonly bootedAt: number;
  endedAt?: number;
  /** Steps on it now. */
  jobs: number;
  /** Since when it has had no step; the instant the peer first saw it booted, where it has had none yet. */
  idleSince: number;
  /** Whether the peer has seen it booted. */
  isUp: boolean;
  /** Whether the machines file names it. */
  isOffered: boolean;
  /** Whether the queue runner has read that. */
  isUsable: boolean;
}

export interface PeerFarmOptions {
  readonly timeline: Timeline;
  /** Steps a machine does at once. */
  readonly slots: number;
  /** From launch to an answering sshd, in seconds. */
  readonly bootSeconds: number;
}

/** A queued step: since when, and how long it takes on one slot, in seconds. */
interface Waiting {
  readonly since: number;
  readonly work: number;
}

/** The queue runner looks at its machines file this often (the C++ queue runner's own constant). */
const POLL_SECONDS = 30;
/** Its first look, as far from a round of any peer as a machines file is written late at worst. */
const FIRST_POLL_SECONDS = 7;
/** From a decision to the file being written: one command on the host, in seconds. */
const WRITE_SECONDS = 2;

export class PeerFarm {
  readonly slots: number;
  /** Those that have not been ended, oldest first. */
  machines: readonly PeerMachine[] = [];
  readonly ended: PeerMachine[] = [];
  /** Of every step that has started, in that order. */
  readonly waits: { readonly seconds: number; readonly work: number }[] = [];
  peak = 0;
  running = 0;
  readonly #timeline: Timeline;
  readonly #bootSeconds: number;
  readonly #queue: Waiting[] = [];
  #writtenAt: number | undefined;

  constructor({ timeline, slots, bootSeconds }: PeerFarmOptions) {
    this.#timeline = timeline;
    this.slots = slots;
    this.#bootSeconds = bootSeconds;
    timeline.after(FIRST_POLL_SECONDS, () => {
      this.#poll();
    });
  }

  get now(): number {
    return this.#timeline.now;
  }

  /** Steps that wait for a slot. */
  get runnable(): number {
    return this.#queue.length;
  }

  /** Machines that steps cannot be given to yet, but soon. */
  get starting(): number {
    return this.machines.filter(({ isUsable }) => !isUsable).length;
  }

  /** Steps arrive, with what each takes on one slot, in seconds. */
  queue(works: readonly number[]): void {
    this.#queue.push(...works.map((work) => ({ since: this.now, work })));
    this.#dispatch();
  }

  launch(count: number): void {
    const { now } = this;
    const bootedAt = now + this.#bootSeconds;
    const machine = (): PeerMachine => ({
      ...{ launchedAt: now, bootedAt, jobs: 0, idleSince: bootedAt },
      ...{ isUp: false, isOffered: false, isUsable: false },
    });
    this.machines = [...this.machines, ...Array.from({ length: count }, machine)];
    this.peak = Math.max(this.peak, this.machines.length);
  }

  /** Begins a round of the peer: what has booted is seen, and put into the machines file. */
  look(): void {
    for (const machine of this.machines) {
      if (machine.isUp || machine.bootedAt > this.now) continue;
      machine.isUp = true;
      machine.idleSince = this.now;
      this.offer(machine);
    }
  }

  /** Puts a machine into the machines file; one that is there changes nothing. */
  offer(machine: PeerMachine): void {
    if (machine.isOffered) return;
    machine.isOffered = true;
    this.#write();
  }

  /** Takes a machine out of the machines file; its steps run on. */
  withdraw(machine: PeerMachine): void {
    if (!machine.isOffered) return;
    machine.isOffered = false;
    this.#write();
  }

  /** @throws for a machine at work: no peer does that here. */
  end(machine: PeerMachine): void {
    if (machine.jobs > 0) throw new Error('a peer ends a machine at work');
    machine.endedAt = this.now;
    this.machines = this.machines.filter((other) => other !== machine);
    this.ended.push(machine);
  }

  #write(): void {
    this.#writtenAt ??= this.now + WRITE_SECONDS;
  }

  #poll(): void {
    this.#timeline.after(POLL_SECONDS, () => {
      this.#poll();
    });
    if (this.#writtenAt === undefined || this.#writtenAt > this.now) return;
    this.#writtenAt = undefined;
    for (const machine of this.machines) machine.isUsable = machine.isOffered;
    this.#dispatch();
  }

  #dispatch(): void {
    for (let to = this.#leastLoaded(); to !== undefined; to = this.#leastLoaded()) {
      const step = this.#queue.shift();
      if (step === undefined) return;
      this.#start(step, to);
    }
  }

  #leastLoaded(): PeerMachine | undefined {
    let best: PeerMachine | undefined;
    for (const machine of this.machines) {
      if (!machine.isUsable || machine.jobs >= this.slots) continue;
      if (best === undefined || machine.jobs < best.jobs) best = machine;
    }
    return best;
  }

  #start({ since, work }: Waiting, machine: PeerMachine): void {
    this.waits.push({ seconds: this.now - since, work });
    machine.jobs += 1;
    this.running += 1;
    this.#timeline.after(work, () => {
      machine.jobs -= 1;
      machine.idleSince = this.now;
      this.running -= 1;
      this.#dispatch();
    });
  }
}
