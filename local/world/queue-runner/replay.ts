import { Random } from '../random.ts';
import { Timeline } from '../timeline.ts';
import type { Build } from './builds.ts';
import { MachinesFileInMemory } from './machines-file.ts';
import { QueueRunner } from './queue-runner.ts';
import type { BuilderEvent, CancelEvent, PlainEvent, Scenario, ScenarioEvent } from './scenario.ts';
import { SimulatedBuilders } from './simulated-builders.ts';
import type { StatusResult } from './status-result.ts';
import { POLL_SECONDS } from './timings.ts';

/** How long `--status` calls take at most, answered and unanswered. */
const USUAL_CALL_SECONDS = 0.05;
const HANGING_CALL_SECONDS = 5.05;

/** One `--status` call of a replay. */
export interface StatusSample {
  /** When it was made, in seconds since the scenario's start. */
  readonly t: number;
  readonly result: StatusResult;
}

/** What came of a replay. */
export interface Replay {
  readonly samples: readonly StatusSample[];
  readonly builds: readonly Build[];
}

const matches = (build: Build, event: CancelEvent): boolean =>
  (event.tag === undefined || build.tag === event.tag) &&
  (event.jobset === undefined || build.jobset === event.jobset) &&
  (event.system === undefined || build.kind.system === event.system) &&
  (event.job === undefined || build.job === event.job) &&
  (event.jobs === undefined || event.jobs.includes(build.job));

/** A queue runner and its surroundings, played through a scenario in virtual time. */
class Player {
  readonly #scenario: Scenario;
  readonly #timeline: Timeline;
  readonly #file: MachinesFileInMemory;
  readonly #builders: SimulatedBuilders;
  readonly #runner: QueueRunner;
  readonly #builds: Build[] = [];
  #starts = 0;

  constructor(scenario: Scenario, seed: number) {
    const timeline = new Timeline(scenario.epochOfStart);
    const random = new Random(seed);
    this.#scenario = scenario;
    this.#timeline = timeline;
    this.#file = new MachinesFileInMemory(() => timeline.now);
    this.#builders = new SimulatedBuilders(timeline, random.fork());
    const { maxUnsupportedTime, maxLocalWorkerThreads } = scenario.settings;
    this.#runner = new QueueRunner({
      timeline,
      random,
      machinesFiles: [this.#file],
      builders: this.#builders,
      settings: { maxUnsupportedTimeSeconds: maxUnsupportedTime, maxLocalWorkerThreads },
    });
    for (const [address, state] of Object.entries(scenario.initialBuilders)) {
      if (state === 'up') this.#builders.start(address);
      if (state === 'silent' || state === 'frozen') this.#builders.freeze(address);
    }
  }

  play(sampleTimes: readonly number[]): Replay {
    const { epochOfStart, events } = this.#scenario;
    for (const event of events) {
      this.#timeline.schedule(epochOfStart + event.t, () => {
        this.#happen(event);
      });
    }
    const samples: StatusSample[] = [];
    for (const t of sampleTimes) {
      this.#timeline.schedule(epochOfStart + t, () => {
        this.#runner.callStatus((result) => samples.push({ t, result }));
      });
    }
    const last = Math.max(0, this.#scenario.end ?? 0, ...sampleTimes, ...events.map((event) => event.t));
    this.#timeline.advanceTo(epochOfStart + last + USUAL_CALL_SECONDS);
    // Only a call that hangs is waited for any longer.
    if (samples.length < sampleTimes.length)
      this.#timeline.advanceTo(this.#timeline.now + HANGING_CALL_SECONDS);
    return { samples: samples.sort((a, b) => a.t - b.t), builds: this.#builds };
  }

  #happen(event: ScenarioEvent): void {
    switch (event.do) {
      case 'queue':
        this.#builds.push(...this.#runner.queue(event));
        return;
      case 'cancel':
      case 'cancel-all':
      case 'cancel-builds':
      case 'cancel-queue':
        this.#cancel(event);
        return;
      case 'machines':
      case 'write-machines':
        this.#file.replace(event.file);
        return;
      default:
        if ('host' in event) this.#changeBuilder(event);
        else this.#changeRunner(event);
    }
  }

  #changeRunner(event: PlainEvent): void {
    switch (event.do) {
      case 'start-runner':
        this.#start();
        return;
      case 'stop-runner':
        this.#runner.stop();
        return;
      case 'kill-runner':
        this.#runner.kill();
        return;
      case 'restart-runner':
        this.#runner.stop();
        this.#start();
        return;
      case 'hang-runner':
      case 'freeze-runner':
        this.#runner.hang();
        return;
      case 'resume-runner':
      case 'thaw-runner':
        this.#runner.resume();
        return;
      case 'unlock':
      case 'unlock-runner':
        if (!this.#runner.running) this.#runner.unlock();
        return;
      case 'touch-machines':
        this.#file.touch();
        return;
      case 'remove-machines':
        this.#file.remove();
        return;
      case 'stop-database':
      case 'start-database':
        this.#runner.setDatabaseReachable(event.do === 'start-database');
    }
  }

  #changeBuilder(event: BuilderEvent): void {
    switch (event.do) {
      case 'start-builder':
        this.#builders.start(event.host);
        return;
      case 'kill-builder':
      case 'stop-builder':
        this.#builders.kill(event.host);
        return;
      case 'freeze-builder':
      case 'silence-builder':
        this.#builders.freeze(event.host);
        return;
      case 'thaw-builder':
        this.#builders.thaw(event.host);
        return;
      case 'vanish-builder':
        this.#builders.vanish(event.host);
    }
  }

  /** A second program next to a running one ends at once. */
  #start(): void {
    if (this.#runner.running) return;
    const { machinesPollPhase, machinesPollPhases, epochOfStart } = this.#scenario;
    const phases = machinesPollPhases ?? (machinesPollPhase === undefined ? [] : [machinesPollPhase]);
    const phase = phases[this.#starts];
    this.#starts += 1;
    if (phase === undefined) this.#runner.start();
    else this.#runner.start(Math.max(epochOfStart + phase - POLL_SECONDS - this.#timeline.now, 0));
  }

  #cancel(event: CancelEvent): void {
    const chosen = [...this.#runner.unfinishedBuilds].filter((build) => matches(build, event));
    this.#runner.cancel(chosen.slice(0, event.count));
  }
}

/**
 * Plays a scenario, asking for the status at each of `sampleTimes` (seconds since its start).
 * @param seed of everything that is random in the real program or its surroundings.
 */
export const replay = (scenario: Scenario, sampleTimes: readonly number[], seed = 1): Replay =>
  new Player(scenario, seed).play(sampleTimes);
