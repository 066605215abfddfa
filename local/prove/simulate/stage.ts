/** One simulated farm: the world, the ports of the unmodified function, and all that can be done to either. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Clock, Ports, Reporter } from '../../../lambdas/ports.ts';
import { answer } from '../../../lambdas/reconcile/answer.ts';
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import { Lambda } from '../../world/drive/lambda.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { VirtualClock } from '../../world/drive/virtual-clock.ts';
import { MemoryJournal } from '../../world/ports/memory-journal.ts';
import { MemoryStateStore } from '../../world/ports/memory-state-store.ts';
import { WorldHydraHost } from '../../world/ports/world-hydra-host.ts';
import { WorldMachineFleet } from '../../world/ports/world-machine-fleet.ts';
import { DeadMan } from '../../world/dead-man.ts';
import { MachinesFileInMemory } from '../../world/queue-runner/machines-file.ts';
import { World } from '../../world/world.ts';
import type { WorldOptions } from '../../world/world.ts';
import { isSettled } from '../../world/judge/telling.ts';
import type { Telling } from '../../world/judge/telling.ts';
import type { Chaos } from './chaos.ts';
import { FaultyFleet } from './faulty/faulty-fleet.ts';
import { FaultyHost } from './faulty/faulty-host.ts';
import { FaultyJournal } from './faulty/faulty-journal.ts';
import { FaultyStore } from './faulty/faulty-store.ts';
import { StatusFaults, shiftClock } from './faulty/status-faults.ts';
import { InProcessActivity } from './in-process-activity.ts';
import { Life } from './life.ts';
import type { KillPoint } from './life.ts';
import { Person } from './person.ts';

/** A clock is wrong by no more than this, in seconds. */
export const CLOCK_SECONDS_MAX = 300;

export interface StageOptions {
  readonly seed: number;
  readonly start: number;
  readonly config: Config;
  readonly chaos: Chaos;
  readonly reporter: Reporter;
  /** Whether an invocation (from 1 on) dies at this point. */
  readonly kills: (invocation: number, point: KillPoint) => boolean;
  readonly ended: (invocation: Invocation) => void;
  /** What of the world is not as usual. */
  readonly world?: Partial<Pick<WorldOptions, 'region' | 'executor' | 'laterConfigs'>>;
  /** What lies at the machines file's place at first; an empty file when absent. */
  readonly machinesFile?: string;
  readonly activity?: InProcessActivity;
  /** Told whenever our machines file may just have been written by us. */
  readonly written?: () => void;
  /** Ports in place of the usual ones. */
  readonly ports?: (world: World, clock: Clock) => Partial<Ports>;
}

/** The function was killed, by chance or by its time-out. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

export class Stage {
  readonly world: World;
  readonly chaos: Chaos;
  readonly file: MachinesFileInMemory;
  readonly activity: InProcessActivity;
  readonly memory = new MemoryStateStore();
  readonly journal: FaultyJournal;
  readonly fleet: FaultyFleet;
  readonly host: FaultyHost;
  readonly lambda: Lambda;
  /** Gives orders. */
  readonly person: Person;
  /** What the clocks of the function and of the Hydra host are wrong by, in seconds. */
  readonly skews = { function: 0, host: 0 };
  /** What people have held by hand, whether or not it was recorded. */
  readonly floors: { readonly type: string; readonly count: number; readonly until: number }[] = [];
  readonly #options: StageOptions;
  readonly #ports: Ports;
  #lives = 0;
  /** What the last look can tell; undefined unless it saw a running, settled queue runner as it is. */
  #telling: Telling | undefined;

  constructor(options: StageOptions) {
    const { seed, start, config, chaos, machinesFile: text = '' } = options;
    this.#options = options;
    this.chaos = chaos;
    this.activity = options.activity ?? new InProcessActivity();
    const executor = { run: () => () => undefined };
    let file: MachinesFileInMemory | undefined;
    const machinesFile = (timeline: { readonly now: number }): MachinesFileInMemory =>
      (file = new MachinesFileInMemory(() => timeline.now, text));
    this.world = new World({ seed, start, config, executor, machinesFile, ...options.world });
    const { world } = this;
    const { timeline } = world;
    this.file = file ?? new MachinesFileInMemory(() => timeline.now);
    const clock = new VirtualClock(timeline, this.activity);
    const { fleet = this.#plainFleet(config.tag), ...others } = options.ports?.(world, clock) ?? {};
    // The builders read the table the function writes, and one other than ours cannot be read on the spot.
    if (others.store === undefined) new DeadMan(world, (instanceId) => this.memory.heard(instanceId)).start();
    this.fleet = new FaultyFleet(fleet, world.region, chaos, clock);
    this.host = this.#makeHost(clock);
    this.journal = new FaultyJournal(new MemoryJournal(), chaos, clock);
    this.#ports = {
      host: this.host,
      fleet: this.fleet,
      store: new FaultyStore(this.memory, chaos, clock),
      journal: this.journal,
      clock: { now: () => clock.now() + this.skews.function, sleep: (seconds) => clock.sleep(seconds) },
      ...others,
    };
    this.lambda = new Lambda({
      timeline,
      activity: this.activity,
      get periodSeconds() {
        return world.config.schedulePeriodSeconds;
      },
      invoke: (event, requestId, remaining) => this.#invoke(event, requestId, remaining),
      ended: options.ended,
    });
    this.person = new Person({
      timeline,
      lambda: this.lambda,
      orders: world.judge.orders,
      clockSeconds: chaos.enabled.has('clock-function') ? 2 * CLOCK_SECONDS_MAX : 0,
    });
  }

  /** Machines people hold by hand now. */
  floorOf(type: string): number {
    const { now } = this.world.timeline;
    const held = this.floors.filter((floor) => floor.type === type && floor.until > now);
    return Math.max(0, ...held.map(({ count }) => count));
  }

  #plainFleet(tag: string): WorldMachineFleet {
    const { region, ledger, deaf } = this.world;
    return new WorldMachineFleet(region, tag, (instance) =>
      deaf.has(instance.instanceId) ? undefined : ledger.at(instance.address).length,
    );
  }

  #makeHost(clock: Clock): FaultyHost {
    const { world, chaos, file, skews } = this;
    const { timeline, judge } = world;
    const status = new StatusFaults(chaos);
    const skewed: Clock = {
      now: () => clock.now() + skews.function,
      sleep: (seconds) => clock.sleep(seconds),
    };
    const inner = new WorldHydraHost(world, file, skewed, {
      hostClock: () => timeline.now + skews.host,
      heard: (said) => {
        const { answer: heard, isTrue } = status.mangled(said);
        this.#telling =
          isTrue && isSettled(said.stdout, said.exitCode) ? judge.tellable(said.stdout) : undefined;
        return { ...heard, stdout: shiftClock(heard.stdout, skews.host) };
      },
    });
    return new FaultyHost({
      inner,
      file,
      timeline,
      chaos,
      clock,
      written: () => {
        judge.lookAtFile(true);
        this.#options.written?.();
      },
      arrived: () => {
        if (this.#telling !== undefined) judge.told(this.#telling);
      },
    });
  }

  /** One invocation: its own life, its own ports, the configuration of the moment. */
  async #invoke(event: unknown, requestId: string, remaining: () => number): Promise<Answer> {
    const { reporter, kills } = this.#options;
    const { world, activity } = this;
    this.#lives += 1;
    const invocation = this.#lives;
    const life = new Life((point) => kills(invocation, point));
    const ports = life.ports(this.#ports);
    const timeOut = world.timeline.after(remaining(), () => {
      activity.enter();
      life.end({ number: life.points, name: 'its time-out' });
    });
    const killed = life.death.then(({ name }): never => {
      throw new KilledError(`killed ${name}`);
    });
    try {
      const workplace = { config: world.config, ports, reporter };
      const work = answer(workplace, event, {
        requestId,
        nonce: String(invocation),
        remainingSeconds: remaining(),
      });
      return await Promise.race([work, killed]);
    } finally {
      timeOut();
    }
  }
}
