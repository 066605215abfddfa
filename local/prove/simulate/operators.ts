/**
 * People who give the function orders, in storms and calms alike: what they are promised holds at any time. Half of what
 * they say comes while a tick is in the middle of a round.
 */
import type { RegionInstance } from '../../world/region/instance.ts';
import type { FaultName } from './fault-kinds.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import { someInstance } from './disturbances/disturbance.ts';
import type { DisturbanceContext } from './disturbances/disturbance.ts';
import type { WrittenFarm } from './written-farm.ts';
import type { Ending } from './person.ts';
import type { FaultyStage } from './faulty-stage.ts';

const MINUTE = 60;
const HOUR = 3600;
const WARM_UP_SECONDS = 20 * MINUTE;
/** People of some farms never interfere, those of others do all the time. */
const EAGERNESS = [0, 0.5, 2, 8];
/** Alone on a farm orders are given as often as this. */
const EAGERNESS_ALONE = 4;
/** A tick that is at work makes at least so many calls before it settles. */
const CALLS_MAX = 40;

interface OrderGiven {
  readonly name: FaultName;
  /** Gives it. Returns false when there was nothing to give it about. */
  readonly give: (context: DisturbanceContext) => boolean;
}

const isThere = ({ state }: RegionInstance): boolean =>
  state === 'pending' || state === 'running' || state === 'stopped';

const endingWithin = ({ luck }: DisturbanceContext, low: number, high: number): Ending => ({
  seconds: luck.between(low, high),
  byItself: luck.chance(0.5),
});

function drain(context: DisturbanceContext): boolean {
  const { stage, luck } = context;
  const instance = someInstance(context, isThere);
  if (instance === undefined) return false;
  const isTakenBack = luck.chance(0.3);
  const seconds = luck.between(MINUTE, HOUR);
  stage.person.drain(instance.instanceId, ...(isTakenBack ? [{ seconds, byItself: false }] : []));
  return true;
}

function protect(context: DisturbanceContext): boolean {
  const instance = someInstance(context, isThere);
  if (instance === undefined) return false;
  context.stage.person.protect(instance.instanceId, endingWithin(context, 10 * MINUTE, 5 * HOUR));
  return true;
}

function pause(context: DisturbanceContext): boolean {
  const { stage, luck } = context;
  const type = luck.chance(0.3) ? undefined : luck.pick(stage.world.config.machineTypes).key;
  stage.person.pause(type, endingWithin(context, 5 * MINUTE, 90 * MINUTE));
  return true;
}

const ORDERS: readonly OrderGiven[] = [
  { name: 'operator-drains', give: drain },
  { name: 'operator-protects', give: protect },
  { name: 'operator-pauses', give: pause },
];

export interface OperatorsOptions {
  readonly stage: FaultyStage;
  readonly written: WrittenFarm;
  /** From then on nobody orders anything, and what still stands is taken back. */
  readonly until: number;
}

export class Operators {
  readonly #options: OperatorsOptions;
  /** What is said as soon as the function has made so many more calls. */
  #waiting: { calls: number; readonly say: () => void }[] = [];

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  start(): void {
    const { stage, until } = this.#options;
    const { enabled } = stage.chaos;
    for (const order of ORDERS.filter(({ name }) => enabled.has(name))) {
      const luck = stage.chaos.luckOf(order.name);
      const eagerness = enabled.size <= ORDERS.length ? EAGERNESS_ALONE : luck.pick(EAGERNESS);
      if (eagerness > 0)
        stage.world.timeline.after(WARM_UP_SECONDS, () => {
          this.#expect(order, eagerness);
        });
    }
    stage.world.timeline.schedule(until, () => {
      this.#waiting = [];
      stage.person.takeAllBack();
    });
  }

  /** The function is just before or after a call of a port. */
  reached(): void {
    if (this.#waiting.length === 0) return;
    for (const order of this.#waiting) order.calls -= 1;
    const due = this.#waiting.filter(({ calls }) => calls <= 0);
    this.#waiting = this.#waiting.filter(({ calls }) => calls > 0);
    for (const { say } of due) say();
  }

  /** The next order of a kind, and all after it. */
  #expect(order: OrderGiven, eagerness: number): void {
    const { stage, until } = this.#options;
    const { timeline } = stage.world;
    const luck = stage.chaos.luckOf(order.name);
    const rate = (FAULT_KINDS[order.name].rate * eagerness) / HOUR;
    const at = timeline.now - Math.log(1 - luck.next()) / rate;
    if (at >= until) return;
    timeline.schedule(at, () => {
      if (luck.chance(0.5)) this.#give(order);
      else
        this.#waiting.push({
          calls: 1 + luck.index(CALLS_MAX),
          say: () => {
            this.#give(order);
          },
        });
      this.#expect(order, eagerness);
    });
  }

  #give({ name, give }: OrderGiven): void {
    const { stage, written } = this.#options;
    if (give({ stage, written, luck: stage.chaos.luckOf(name) })) stage.chaos.count(name);
  }
}
