/** A stage on which things go wrong: what can be done to the world and to the ports of the unmodified function. */
import type { Clock, Ports, Reporter } from '../../../lambdas/ports.ts';
import { answer } from '../../../lambdas/reconcile/answer.ts';
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import { DeadMan } from '../../world/dead-man.ts';
import { InProcessActivity } from '../../world/drive/in-process-activity.ts';
import type { MemoryStateStore } from '../../world/ports/memory-state-store.ts';
import { plainPorts } from '../../world/ports/plain-ports.ts';
import { fileInMemory, Stage } from '../../world/stage.ts';
import type { StageOptions } from '../../world/stage.ts';
import type { World } from '../../world/world.ts';
import type { Chaos } from './chaos.ts';
import { FaultyBuilders } from './faulty/faulty-builders.ts';
import { FaultyFleet } from './faulty/faulty-fleet.ts';
import type { FaultyHost } from './faulty/faulty-host.ts';
import { FaultyJournal } from './faulty/faulty-journal.ts';
import { FaultyStore } from './faulty/faulty-store.ts';
import { FaultyWatch } from './faulty/faulty-watch.ts';
import { hostOf } from './host-of.ts';
import { KilledError, Life } from './life.ts';
import type { KillPoint } from './life.ts';
import { Person } from './person.ts';

/** A clock is wrong by no more than this, in seconds. */
export const CLOCK_SECONDS_MAX = 300;

type FarmOptions = Pick<
  StageOptions<never>,
  'seed' | 'start' | 'config' | 'region' | 'executor' | 'laterConfigs' | 'runnerKind' | 'rustRunner'
>;

export interface FaultyStageOptions extends FarmOptions {
  readonly chaos: Chaos;
  readonly reporter: Reporter;
  /** Whether an invocation (from 1 on) dies at this point. */
  readonly kills: (invocation: number, point: KillPoint) => boolean;
  /** What lies at the machines file's place at first; an empty file when absent. */
  readonly machinesFile?: string;
  readonly activity?: InProcessActivity;
  /** Told whenever what is offered may just have been changed by us. */
  readonly written?: () => void;
  /** Ports in place of the usual ones. */
  readonly ports?: (world: World, clock: Clock) => Partial<Ports>;
}

export class FaultyStage extends Stage {
  readonly chaos: Chaos;
  readonly memory: MemoryStateStore;
  readonly journal: FaultyJournal;
  readonly fleet: FaultyFleet;
  readonly host: FaultyHost;
  /** Gives orders. */
  readonly person: Person;
  /** What the clocks of the function and of the Hydra host are wrong by, in seconds. */
  readonly skews = { function: 0, host: 0 };
  /** What people have held by hand, whether or not it was recorded. */
  readonly floors: { readonly type: string; readonly count: number; readonly until: number }[] = [];
  readonly #options: FaultyStageOptions;
  readonly #ports: Ports;
  #lives = 0;

  constructor(options: FaultyStageOptions) {
    const { chaos, machinesFile, activity = new InProcessActivity(), ...others } = options;
    super({
      ...others,
      activity,
      file: fileInMemory(machinesFile),
      invoke: (event, requestId, remaining) => this.#invoke(event, requestId, remaining),
    });
    this.#options = options;
    this.chaos = chaos;
    const { world, clock } = this;
    const plain = plainPorts(this);
    const {
      fleet = plain.fleet,
      builders = plain.builders,
      ...changed
    } = options.ports?.(world, clock) ?? {};
    this.memory = plain.store;
    // The builders read the table the function writes, and one other than ours cannot be read on the spot.
    if (changed.store === undefined)
      new DeadMan(world, (instanceId) => this.memory.heard(instanceId)).start();
    this.fleet = new FaultyFleet(fleet, world.region, chaos, clock);
    const skewed: Clock = {
      now: () => clock.now() + this.skews.function,
      sleep: (seconds) => clock.sleep(seconds),
    };
    this.host = hostOf(this, { skewed, written: () => options.written?.() });
    this.journal = new FaultyJournal(plain.journal, chaos, clock);
    this.#ports = {
      dialects: plain.dialects,
      host: this.host,
      watch: new FaultyWatch({
        ...{ inner: plain.watch, watches: world.watches, timeline: world.timeline, chaos },
        isHostUp: () => this.host.isUp,
      }),
      builders: new FaultyBuilders(builders, chaos),
      fleet: this.fleet,
      store: new FaultyStore(this.memory, chaos, clock),
      journal: this.journal,
      clock: skewed,
      ...changed,
    };
    this.person = new Person({
      timeline: world.timeline,
      lambda: this.lambda,
      orders: world.judge.orders,
      clockSeconds: chaos.enabled.has('clock-function') ? 2 * CLOCK_SECONDS_MAX : 0,
    });
  }

  /** Machines people hold by hand now. */
  floorOf(type: string): number {
    const held = this.floors.filter((floor) => floor.type === type && floor.until > this.now);
    return Math.max(0, ...held.map(({ count }) => count));
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
