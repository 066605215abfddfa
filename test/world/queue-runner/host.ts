import { Random } from '../../../local/world/random.ts';
import { Timeline } from '../../../local/world/timeline.ts';
import type { Build, BuildBatch } from '../../../local/world/hydra/builds.ts';
import { MachinesFileInMemory } from '../../../local/world/queue-runner/machines-file.ts';
import type { MachinesFileSource } from '../../../local/world/queue-runner/machines-file.ts';
import type { LostStep } from '../../../local/world/hydra/observer.ts';
import { QueueRunner } from '../../../local/world/queue-runner/queue-runner.ts';
import type { QueueRunnerSettings } from '../../../local/world/queue-runner/runner-process.ts';
import { SimulatedBuilders } from '../../../local/world/queue-runner/simulated-builders.ts';

export const START = 1_800_000_000;

/** A status as tests read it. */
export interface FullStatus {
  readonly [field: string]: unknown;
  readonly status: string;
  readonly time: number;
  readonly uptime: number;
  readonly pid: number;
  readonly nrQueuedBuilds: number;
  readonly nrUnfinishedSteps: number;
  readonly nrRunnableSteps: number;
  readonly nrActiveSteps: number;
  readonly nrStepsBuilding: number;
  readonly nrStepsCopyingFrom: number;
  readonly nrStepsWaitingForDownloadSlot: number;
  readonly nrStepsDone: number;
  readonly nrBuildsDone: number;
  readonly nrRetries: number;
  readonly maxNrRetries: number;
  readonly nrUnsupportedSteps: number;
  readonly nrQueueWakeups: number;
  readonly nrDispatcherWakeups: number;
  readonly machines: Readonly<Record<string, MachineStatus>>;
  readonly machineTypes: Readonly<Record<string, { readonly runnable: number; readonly running: number }>>;
  readonly jobsets: Readonly<Record<string, { readonly seconds: number; readonly shareUsed: number }>>;
}

export interface MachineStatus {
  readonly enabled: boolean;
  readonly currentJobs: number;
  readonly idleSince?: number;
  readonly disabledUntil: number;
  readonly lastFailure: number;
  readonly consecutiveFailures: number;
  readonly nrStepsDone: number;
}

/** A queue runner with builders and a machines file; `t` counts seconds from its beginning. */
export class TestHost {
  readonly timeline = new Timeline(START);
  readonly file = new MachinesFileInMemory(() => this.timeline.now);
  /** Read beside it; empty. */
  readonly otherFile = new MachinesFileInMemory(() => this.timeline.now, '');
  /** Files with a malformed line, one per refusal. */
  readonly refused: MachinesFileSource[] = [];
  readonly builders: SimulatedBuilders;
  readonly runner: QueueRunner;
  readonly lost: LostStep[] = [];
  /** Jobs in the order they were given to machines, as `job machine`. */
  readonly started: string[] = [];

  constructor(options: { readonly settings?: Partial<QueueRunnerSettings>; readonly seed?: number } = {}) {
    const random = new Random(options.seed ?? 1);
    this.builders = new SimulatedBuilders(this.timeline, random.fork());
    this.runner = new QueueRunner({
      timeline: this.timeline,
      random,
      machinesFiles: [this.file, this.otherFile],
      builders: this.builders,
      settings: { maxUnsupportedTimeSeconds: 86_400, ...options.settings },
      observer: {
        onStepStarted: (build, machine) => this.started.push(`${build.job} ${machine.replace('ssh://', '')}`),
        onStepLost: (lost) => this.lost.push(lost),
        onFileRefused: (_problem, file) => this.refused.push(file),
      },
    });
  }

  /** Lists machines of these lines, starts their builders and the program, and lets it read the file. */
  static running(
    lines: readonly string[],
    options: ConstructorParameters<typeof TestHost>[0] = {},
  ): TestHost {
    const host = new TestHost(options);
    host.list(...lines);
    for (const line of lines) host.builders.start(line.split(' ')[0] ?? '');
    host.runner.start();
    host.advance(1);
    return host;
  }

  get t(): number {
    return this.timeline.now - START;
  }

  list(...lines: readonly string[]): void {
    this.file.replace(lines.map((line) => `${line}\n`).join(''));
  }

  /** Queues builds of x86_64-linux that take 10 s, unless the batch says otherwise. */
  queue(batch: Partial<BuildBatch> = {}): readonly Build[] {
    return this.runner.queue({ count: 1, system: 'x86_64-linux', seconds: 10, ...batch });
  }

  advance(seconds: number): void {
    this.timeline.advanceTo(this.timeline.now + seconds);
  }

  /** Goes to `t` seconds after the beginning. */
  goTo(t: number): void {
    this.timeline.advanceTo(START + t);
  }

  get status(): FullStatus {
    return JSON.parse(this.runner.status().stdout) as FullStatus;
  }

  /** The machine at this URI without its `ssh://`. */
  machine(name: string): MachineStatus {
    const machine = this.status.machines[`ssh://${name}`];
    if (machine === undefined) throw new Error(`the status has no machine ssh://${name}`);
    return machine;
  }
}

export const outcomes = (build: Build | undefined): readonly string[] =>
  build?.tries.map((attempt) => attempt.outcome) ?? [];
