import { Random } from '../random.ts';
import { Timeline } from '../timeline.ts';
import type { Build } from '../hydra/builds.ts';
import { MachinesFileInMemory } from './machines-file.ts';
import { QueueRunner } from './queue-runner.ts';
import { happenToRunner } from './runner-events.ts';
import type { Scenario, ScenarioEvent } from './scenario.ts';
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
    const made = happenToRunner(
      {
        runner: this.#runner,
        file: this.#file,
        builders: this.#builders,
        start: () => {
          this.#start();
        },
      },
      event,
    );
    this.#builds.push(...made);
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
}

/**
 * Plays a scenario, asking for the status at each of `sampleTimes` (seconds since its start).
 * @param seed of everything that is random in the real program or its surroundings.
 */
export const replay = (scenario: Scenario, sampleTimes: readonly number[], seed = 1): Replay =>
  new Player(scenario, seed).play(sampleTimes);
