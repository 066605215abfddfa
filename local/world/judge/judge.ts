/**
 * Watches the world, not the autoscaler's own account of it, and notes every rule that is broken: machines ended at
 * work or on no knowledge, caps exceeded, hours bought for nothing, launches made twice, files the queue runner would
 * refuse, builds retried because of us, orders of people that are not kept. It shares no code with the plan.
 */
import type { Build } from '../hydra/builds.ts';
import type { MachinesFileSource } from '../queue-runner/machines-file.ts';
import type { BuildObserver, LostStep, OrphanedStep } from '../hydra/observer.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { ApiCall } from '../region/observers.ts';
import { Ahead } from './ahead.ts';
import { Builds } from './builds.ts';
import { Endings } from './endings.ts';
import { aliveMachines, instanceIdsIn } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import { Fruit } from './fruit.ts';
import { Launches } from './launches.ts';
import { Need } from './need.ts';
import { Orders } from './orders.ts';
import { Promises } from './promises.ts';
import { Strangers } from './strangers.ts';
import type { Telling } from './telling.ts';
import { violateInto } from './violations.ts';
import type { Violate, Violation } from './violations.ts';

const HOUR_SECONDS = 3600;
const ENDINGS: ReadonlySet<string> = new Set(['StopInstances', 'TerminateInstances']);
/** A tick, and whatever of it is late, has ended by then. */
const TICK_SECONDS = 600;

export class Judge implements BuildObserver {
  readonly violations: Violation[] = [];
  readonly need: Need;
  readonly builds: Builds;
  /** What people have ordered: whoever orders tells. */
  readonly orders: Orders;
  readonly #world: Watched;
  readonly #violate: Violate;
  readonly #ahead: Ahead;
  readonly #endings: Endings;
  readonly #fruit: Fruit;
  readonly #launches: Launches;
  readonly #promises: Promises;
  readonly #strangers: Strangers;
  #offered: string | undefined;

  constructor(world: Watched) {
    this.#world = world;
    this.#violate = violateInto(this.violations, world.timeline);
    this.orders = new Orders(world.timeline);
    this.#promises = new Promises(world, this.orders, this.#violate);
    this.#endings = new Endings(world, this.orders, this.#violate);
    this.#ahead = new Ahead(world, this.#violate);
    this.#fruit = new Fruit(world, this.#violate);
    this.#strangers = new Strangers(world, this.#violate);
    this.#launches = new Launches(world, { fruit: this.#fruit, ahead: this.#ahead }, this.#violate);
    this.builds = new Builds(world, this.#endings, this.#violate);
    this.need = new Need(world, this.orders, this.#violate);
  }

  /** Instances that were asked to terminate, and were. */
  get terminations(): number {
    return this.#endings.terminations;
  }

  /** Begins to watch the region. */
  watch(): void {
    this.#world.region.observe({
      state: (instance, state) => {
        this.#launches.entered(instance, state);
        this.#fruit.entered(instance, state);
      },
      booted: (instance) => {
        this.#endings.booted(instance);
      },
      call: (call) => {
        this.#called(call);
      },
      listed: (instances, shown) => {
        this.#launches.listed(instances, shown);
      },
    });
  }

  /** Notes a broken rule found elsewhere. */
  violate(rule: number, what: string): void {
    this.#violate(rule, what);
  }

  /** An invocation of the function was killed: what only its last look showed is forgotten. */
  died(): void {
    this.#launches.died();
  }

  /** What the status of a running, settled queue runner, printed now, can tell. */
  tellable(status: string): Telling {
    return this.#endings.known.tellable(status);
  }

  /** It has arrived. Call it for all of them, or never. */
  told(telling: Telling): void {
    this.#endings.known.told(telling);
  }

  /** Called when an instance begins to end, before its builder dies. */
  ends(instance: RegionInstance): void {
    this.#endings.ends(instance);
  }

  /**
   * One look, to be taken once a minute.
   * @param troubled whether something is, or was lately, wrong with the world.
   * @param floorOf machines of a type that a person holds, beyond what the configuration keeps.
   */
  look(troubled: boolean, floorOf: (type: string) => number): void {
    if (troubled) this.#endings.trouble(aliveMachines(this.#world));
    this.#ahead.look(troubled, floorOf);
    this.need.look(troubled, floorOf);
    this.#promises.look(troubled);
  }

  /** Looks at what is offered; `byUs` tells whether that may be our doing just now. */
  lookAtOffers(byUs: boolean): void {
    const { offers } = this.#world;
    const { state } = offers;
    if (state === this.#offered) return;
    this.#offered = state;
    offers.changed(byUs);
    this.#endings.known.offersChanged(byUs);
    if (byUs) this.#strangers.offersChanged();
    if (byUs) for (const problem of this.#offerProblems()) this.#violate(6, problem);
  }

  /** A tick that was at work when the configuration changed may still write by the old one. */
  #offerProblems(): readonly string[] {
    const configs = this.#world.configsSince(this.#world.timeline.now - TICK_SECONDS);
    const problems = configs.map((config) => this.#world.offers.problems(config));
    return problems.find((found) => found.length === 0) ?? problems[0] ?? [];
  }

  onStepStarted(_build: Build, _machine: string, address: string): void {
    this.#fruit.stepStarted(address);
  }

  onStepLost(lost: LostStep): void {
    this.builds.stepLost(lost);
  }

  /** Worse than lost: it hangs. */
  onStepOrphaned(orphan: OrphanedStep): void {
    this.builds.stepLost({ ...orphan, phase: 'connecting', cause: 'connection' });
  }

  onBuildFinished(build: Build): void {
    this.builds.finished(build);
  }

  /** Somebody else's file is not our mistake, and what our own says is of no use until that is repaired. */
  onFileRefused(problem: string, file: MachinesFileSource): void {
    if (file === this.#world.machinesFile)
      this.#violate(6, `the queue runner refused the machines file: ${problem}`);
    else this.builds.areFilesRefused = true;
  }

  onFilesRead(): void {
    this.builds.areFilesRefused = false;
  }

  #called(call: ApiCall): void {
    this.#promises.called(call);
    this.#strangers.called(call);
    if (call.errorCode !== undefined) {
      if (ENDINGS.has(call.action)) this.need.refused(instanceIdsIn(call.input));
      return;
    }
    const ended = this.#endings.called(call, (instance) => this.#paidSecondsLeft(instance));
    for (const { instance, wasOffered } of ended) this.#promises.ended(instance, wasOffered);
    this.#launches.called(call);
  }

  /** Of the hour that was running when the instance began to end. */
  #paidSecondsLeft({ instanceId }: RegionInstance): number {
    const last = this.#world.region.billing.intervals(instanceId).at(-1);
    if (last === undefined) return 0;
    const ran = (last.stoppedAt ?? this.#world.timeline.now) - last.startedAt;
    return HOUR_SECONDS - (ran % HOUR_SECONDS);
  }
}
