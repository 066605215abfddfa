/** Plays one scenario to its end, in virtual time, with the unmodified function, and says whether what was expected came. */
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import { listingsFor } from '../../../lambdas/hydra/cpp/life/listing.ts';
import type { Ports } from '../../../lambdas/ports.ts';
import type { Clock, StateStore } from '../../../lambdas/ports.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { Chaos } from '../simulate/chaos.ts';
import { START } from '../simulate/simulate.ts';
import { FaultyStage } from '../simulate/faulty-stage.ts';
import { LOOK_SECONDS } from '../../world/judge/need.ts';
import type { World } from '../../world/world.ts';
import { Account } from './account.ts';
import { failedOf } from './facts.ts';
import { happen } from './happen.ts';
import type { End } from './happen.ts';
import { firstQueuedAfter, laterConfigs, needsTable, regionFor } from './outline.ts';
import { Said, tickOf } from './said.ts';
import type { Outcome, Scenario } from './scenario.ts';
import { Storyteller } from './storyteller.ts';
import type { Tell } from './storyteller.ts';
import { BuilderAnswers, wireFleet } from './wire/wire-fleet.ts';
import { startStateTable } from './wire/state-table.ts';
import type { StateTable } from './wire/state-table.ts';
import { StateAnswers } from './wire/state-answers.ts';
import { WireActivity } from './wire/wire-activity.ts';

/** @param tell told what happens, for people. */
export async function play(scenario: Scenario, tell: Tell = () => undefined): Promise<Outcome> {
  const activity = new WireActivity();
  if (!needsTable(scenario)) return new Play(scenario, activity, tell).run();
  const table = await startStateTable(scenario.config.tag, activity);
  try {
    return await new Play(scenario, activity, tell, table).run();
  } finally {
    await table.stop();
  }
}

class Play {
  readonly #scenario: Scenario;
  readonly #said = new Said();
  readonly #stage: FaultyStage;
  readonly #account: Account;
  readonly #storyteller: Storyteller;
  readonly #stateAnswers = new StateAnswers();
  readonly #lasting = new Set<End>();
  readonly #table: StateTable | undefined;

  constructor(scenario: Scenario, activity: WireActivity, tell: Tell, table?: StateTable) {
    this.#scenario = scenario;
    this.#table = table;
    const { seed, config, runner } = scenario;
    const executor = new BuilderAnswers();
    this.#stage = new FaultyStage({
      ...{ seed, config, activity, start: START },
      chaos: new Chaos({ seed, enabled: new Set() }),
      kills: () => false,
      ...{ executor, region: regionFor(scenario), laterConfigs: laterConfigs(scenario) },
      runnerKind: runner,
      machinesFile: machinesFileOf(scenario),
      ports: (world, clock) => this.#ports(world, clock, activity),
      reporter: {
        decision: (decision) => {
          this.#said.reason(decision.reason);
          this.#storyteller.decided(decision);
        },
        problem: () => undefined,
        metrics: () => undefined,
      },
      written: () => {
        this.#account.offersChanged();
      },
    });
    const { world, lambda } = this.#stage;
    // Which queue runner the farm has found is in a table that cannot be read on the spot.
    if (table !== undefined) world.inForce.found = () => world.hydra.kind;
    lambda.onEnd((invocation) => {
      this.#ended(invocation);
    });
    executor.world = world;
    table?.spoil(world.region, this.#stateAnswers);
    const queuedAfter = firstQueuedAfter(scenario);
    const firstQueuedAt = queuedAfter === undefined ? undefined : START + queuedAfter;
    this.#account = new Account(world, firstQueuedAt);
    this.#storyteller = new Storyteller(world, tell);
    world.judge.lookAtOffers(false);
  }

  async run(): Promise<Outcome> {
    const { hours, workload, name, expect } = this.#scenario;
    const { world, lambda } = this.#stage;
    const { timeline, region, runner, judge } = world;
    runner.start();
    this.#expectEvents();
    world.schedule(workload);
    region.observe({
      event: (event) => {
        lambda.deliver(event);
      },
    });
    timeline.schedule(START, () => {
      lambda.startSchedule();
    });
    this.#look();
    await this.#stage.pass(hours * 3600);
    lambda.stop();
    this.#storyteller.look();
    for (const end of this.#lasting) end();
    const { orders = [] } = await this.#store.load(timeline.now);
    // A retry is over as soon as a tick has seen it.
    const facts = this.#account.facts(orders.filter(({ kind }) => kind !== 'retry').length);
    const failed = failedOf(expect, facts, (text) => this.#said.contains(text));
    const violations = judge.violations.map(({ rule, what }) => `rule ${rule}: ${what}`);
    return { name, ok: failed.length === 0, failed, facts, violations, problems: this.#said.problems };
  }

  get #store(): StateStore {
    return this.#table?.store ?? this.#stage.memory;
  }

  #ports(world: World, clock: Clock, activity: WireActivity): Partial<Ports> {
    return {
      ...wireFleet(world, clock, this.#scenario.config.tag, activity),
      ...(this.#table === undefined ? {} : { store: this.#table.store }),
    };
  }

  #expectEvents(): void {
    const { timeline } = this.#stage.world;
    const scene = { stage: this.#stage, stateAnswers: this.#stateAnswers };
    for (const event of this.#scenario.events)
      timeline.schedule(START + event.t, () => {
        this.#storyteller.event(event);
        const end = happen(scene, event);
        if (end === undefined) return;
        this.#lasting.add(end);
        if (!('until' in event) || event.until === undefined) return;
        timeline.schedule(START + event.until, () => {
          this.#storyteller.ended(event);
          end();
        });
      });
  }

  /** Once a minute. What befalls the farm in a story is no excuse. */
  #look(): void {
    const { world } = this.#stage;
    world.judge.look(false, (type) => this.#stage.floorOf(type));
    this.#storyteller.look();
    world.timeline.after(LOOK_SECONDS, () => {
      this.#look();
    });
  }

  #ended({ answer, error }: Invocation): void {
    const { judge } = this.#stage.world;
    const tick = tickOf(answer);
    if (isMistake(error)) judge.violate(8, `the function failed: ${String(error)}`);
    if (tick?.result === 'refused') judge.violate(8, `a plan was refused: ${tick.problems.join('; ')}`);
    this.#storyteller.problems(this.#said.answered(answer, error));
  }
}

/** A farm that has been there for a while: a C++ queue runner would fail builds that come before the first tick. */
function machinesFileOf({ machinesFile, runner, config }: Scenario): string {
  if (machinesFile !== undefined) return machinesFile;
  return runner === 'rust' ? '' : renderMachinesFile(config.tag, listingsFor(config, []));
}

/** Whatever the world does, these are the program's own. */
const isMistake = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
