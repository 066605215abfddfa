/** A Rust queue runner with builders and a clock, for tests. */
import type { BuildBatch, Build } from '../../../local/world/hydra/builds.ts';
import type { BuildObserver } from '../../../local/world/hydra/observer.ts';
import { Random } from '../../../local/world/random.ts';
import type { RestAnswer } from '../../../local/world/rust-runner/answers.ts';
import { RustBuilders } from '../../../local/world/rust-runner/builders.ts';
import { RustRunner } from '../../../local/world/rust-runner/rust-runner.ts';
import type { RustBuilderOptions, RustRunnerSettings } from '../../../local/world/rust-runner/settings.ts';
import { Timeline } from '../../../local/world/timeline.ts';

/** 2026-11-28 00:00 UTC. */
const START = 1_795_824_000;

/** What tests read of a machine in the status. */
export interface MachineView {
  readonly maxJobs: number;
  readonly uptime: number;
  readonly stats: {
    readonly currentJobs: number;
    readonly consecutiveFailures: number;
    readonly disabledUntil: number;
    readonly lastPing: number;
    readonly sinceLastPing: number;
    readonly buildDirFreePercent: number;
    readonly currentUploadingPathCount: number;
    readonly nrStepsDone: number;
  };
  readonly jobs: readonly string[];
  readonly hasCapacity: boolean;
}

/** What tests read of the status. */
export interface StatusView {
  readonly queueRunner: {
    readonly uptime: number;
    readonly queueChecksFinished: number;
    readonly machinesTotal: number;
    readonly nrStepsDone: number;
    readonly nrUnsupportedSteps: number;
    readonly queueStats: Readonly<Record<string, { activeRunnable: number; totalRunnable: number }>>;
  };
  readonly machines: Readonly<Record<string, MachineView>>;
  readonly jobsets: Readonly<Record<string, { readonly seconds: number }>>;
}

/** What tests read of a queued step. */
export interface QueuedView {
  readonly drvPath: string;
  readonly alreadyScheduled: boolean;
  readonly cancelled: boolean;
  /** It is over, and is in its queue still. */
  readonly finished: boolean;
  readonly tries: number;
  readonly lowestBuildId: number;
}

const LINUX: RustBuilderOptions = {
  systems: ['x86_64-linux'],
  supportedFeatures: ['big-parallel'],
  maxJobs: 2,
};

const textOf = (answer: RestAnswer): string => {
  if (answer.kind !== 'answered') throw new Error(`the call was ${answer.kind}`);
  return answer.text;
};

/** Everything is told in seconds since the start. */
export class RustFarm {
  readonly timeline = new Timeline(START);
  readonly runner: RustRunner;
  readonly builders: RustBuilders;

  /** The queue runner has been up for a second. `maxUnsupportedTimeInS` is long unless given. */
  constructor(
    settings: Partial<RustRunnerSettings> = {},
    { seed = 1, observer = {} }: { readonly seed?: number; readonly observer?: BuildObserver } = {},
  ) {
    const random = new Random(seed);
    this.runner = new RustRunner({
      timeline: this.timeline,
      random: random.fork(),
      settings: { maxUnsupportedTimeSeconds: 86_400, ...settings },
      observer,
    });
    this.builders = new RustBuilders({
      timeline: this.timeline,
      random: random.fork(),
      runner: this.runner,
    });
    this.runner.start();
    this.wait(1);
  }

  get now(): number {
    return this.timeline.now - START;
  }

  wait(seconds: number): void {
    this.timeline.advanceTo(this.timeline.now + seconds);
  }

  /** Waits in steps until something holds. @returns the seconds that took. @throws after `limit` seconds. */
  until(holds: () => boolean, { limit = 2000, step = 0.02 }: { limit?: number; step?: number } = {}): number {
    const since = this.timeline.now;
    while (!holds()) {
      if (this.timeline.now - since > limit) throw new Error(`it did not come to that within ${limit} s`);
      this.wait(step);
    }
    return this.timeline.now - since;
  }

  join(name: string, options: Partial<RustBuilderOptions> = {}): void {
    this.builders.join(name, { ...LINUX, ...options });
  }

  /** Builds of one kind: plain ones of 15 s each unless said otherwise. */
  queue(count: number, batch: Partial<BuildBatch> = {}): readonly Build[] {
    return this.runner.queue({ count, system: 'x86_64-linux', seconds: 15, ...batch });
  }

  get status(): StatusView {
    return JSON.parse(textOf(this.runner.answers().status)) as StatusView;
  }

  /** A machine in the status. @throws when it is not there. */
  machine(name: string): MachineView {
    const machine = this.status.machines[name];
    if (machine === undefined) throw new Error(`${name} is not in the status`);
    return machine;
  }

  /** Slots that are taken there; 0 where it is not in the status. */
  jobsOf(name: string): number {
    return this.status.machines[name]?.stats.currentJobs ?? 0;
  }

  /** False while nobody answers, too. */
  has(name: string): boolean {
    if (this.runner.answers().status.kind !== 'answered') return false;
    return this.status.machines[name] !== undefined;
  }

  get queues(): Readonly<Record<string, readonly QueuedView[]>> {
    const { queues } = JSON.parse(textOf(this.runner.answers().queues)) as {
      queues: Readonly<Record<string, readonly QueuedView[]>>;
    };
    return queues;
  }

  queued(system = 'x86_64-linux'): readonly QueuedView[] {
    return this.queues[system] ?? [];
  }

  /** Rows of BuildSteps with `busy <> 0`. */
  get busyRows(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.runner.answers().busy ?? []);
  }
}
