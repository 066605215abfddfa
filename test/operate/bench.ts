/** The function in one process on a simulated world, in virtual time: send it events, let time pass, look. */
import { checkConfig } from '../../lambdas/config-file/config-file.ts';
import { suggest } from '../../lambdas/config-file/suggest.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import { answer } from '../../lambdas/reconcile/answer.ts';
import type { Answer, Workplace } from '../../lambdas/reconcile/answer.ts';
import type { Reporter } from '../../lambdas/ports.ts';
import { drive } from '../../local/world/drive/drive.ts';
import { VirtualClock } from '../../local/world/drive/virtual-clock.ts';
import { MemoryJournal } from '../../local/world/ports/memory-journal.ts';
import { MemoryStateStore } from '../../local/world/ports/memory-state-store.ts';
import { WorldHydraHost } from '../../local/world/ports/world-hydra-host.ts';
import { WorldMachineFleet } from '../../local/world/ports/world-machine-fleet.ts';
import { InProcessActivity } from '../../local/prove/simulate/in-process-activity.ts';
import { MachinesFileInMemory } from '../../local/world/queue-runner/machines-file.ts';
import { World } from '../../local/world/world.ts';
import type { WorldOptions } from '../../local/world/world.ts';

export const START = 1_800_000_000;
export const TYPE = 'x86_64-linux';
export const KVM = 'x86_64-linux:kvm';
export const TICK = { tick: true };

const written = {
  tag: 'operate-test',
  host: { instanceId: 'mi-0123456789abcdef0', user: 'hydra-queue-runner' },
  systemTypes: {
    [TYPE]: { maxMachines: 4, runnablesPerMachine: 2, maxJobs: 2, billing: 'per-second', gracePeriod: 300 },
    [KVM]: { maxMachines: 2, runnablesPerMachine: 2, maxJobs: 2, billing: 'hourly' },
  },
};

/** Everything people were told. */
export interface Told {
  readonly subject: string;
  readonly text: string;
}

/** What one tick measured, and when it told. */
export interface Measured {
  readonly at: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export class OperateBench {
  readonly config: Config;
  readonly world: World;
  readonly store = new MemoryStateStore();
  readonly journal = new MemoryJournal();
  readonly told: Told[] = [];
  readonly measured: Measured[] = [];
  /** What was reported as a problem, with its reason. */
  readonly problems: string[] = [];
  readonly workplace: Workplace;
  readonly file: MachinesFileInMemory;
  readonly #reporter: Reporter = {
    decision: () => undefined,
    problem: (what, { says }) => void this.problems.push(`${what}: ${String(says)}`),
    metrics: (metrics) => void this.measured.push({ at: this.now, metrics }),
  };
  readonly #activity = new InProcessActivity();
  #invocations = 0;

  constructor(changes: Readonly<Record<string, unknown>> = {}, runner: WorldOptions['runner'] = {}) {
    this.config = checkConfig('the test', { ...written, ...changes });
    const files: MachinesFileInMemory[] = [];
    this.world = new World({
      seed: 5,
      start: START,
      config: this.config,
      executor: { run: () => () => undefined },
      runner,
      machinesFile: (timeline) => {
        const file = new MachinesFileInMemory(() => timeline.now, '');
        files.push(file);
        return file;
      },
    });
    const { world } = this;
    const clock = new VirtualClock(world.timeline, this.#activity);
    this.file = files[0] ?? new MachinesFileInMemory(() => world.timeline.now);
    this.workplace = {
      config: this.config,
      reporter: this.#reporter,
      suggest,
      ports: {
        clock,
        store: this.store,
        journal: this.journal,
        notifier: {
          notify: (subject, text) => Promise.resolve(void this.told.push({ subject, text })),
        },
        host: new WorldHydraHost(world, this.file, clock),
        fleet: new WorldMachineFleet(
          world.region,
          this.config.tag,
          ({ address }) => world.ledger.at(address).length,
        ),
      },
    };
    world.runner.start();
  }

  get now(): number {
    return this.world.timeline.now;
  }

  pass(seconds: number): Promise<void> {
    this.#activity.enter();
    return drive(this.world.timeline, this.#activity, this.now + seconds);
  }

  /** Sends an event without waiting for the answer. */
  send(event: unknown): Promise<Answer> {
    this.#invocations += 1;
    return answer(this.workplace, event, {
      requestId: `invocation-${this.#invocations}`,
      nonce: '1',
      remainingSeconds: 300,
    });
  }

  /** Sends an event and lets `seconds` pass, in which it has to be answered. */
  async ask(event: unknown, seconds = 280): Promise<Answer> {
    const asked = this.send(event);
    asked.catch(() => undefined);
    await this.pass(seconds);
    return asked;
  }

  /** Ticks, each followed by the rest of its period. */
  async ticks(count: number): Promise<void> {
    for (let tick = 0; tick < count; tick++) await this.ask(TICK, 300);
  }

  /** A farm that has settled: builds queued, and so many ticks later. */
  async busyFarm(builds: { readonly count: number; readonly seconds: number }, ticks = 2): Promise<void> {
    await this.pass(120);
    await this.ticks(1);
    this.world.runner.queue({ ...builds, system: 'x86_64-linux' });
    await this.ticks(ticks);
  }

  async machines(): Promise<Readonly<Record<string, string>>> {
    const { machines } = await this.store.load(this.now);
    return Object.fromEntries(machines.map(({ instanceId, phase }) => [instanceId, phase]));
  }

  /** The id of the first machine. */
  async firstMachine(): Promise<string> {
    const [id] = Object.keys(await this.machines());
    if (id === undefined) throw new Error('there is no machine');
    return id;
  }
}
