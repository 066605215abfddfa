/** Whether the farm is back to a steady state, by the world's own look at it; after faults it has three ticks. */
import { FARM_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { FarmState } from '../../../lambdas/core/model/index.ts';
import { isMachineOrder } from '../../../lambdas/core/reason/orders.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { aliveMachines, countedMachines, waitingFor } from '../../world/judge/farm-view.ts';
import type { World } from '../../world/world.ts';

/** Ticks that may pass before everything must be in order. */
const TICKS = 3;
/** An instance this young need not be known yet. */
const YOUNG_SECONDS = 420;
/** Builds that wait for longer than this beside no machine at all are not served. */
const PATIENCE_SECONDS = 900;
/** A pause and what it has left undone: two ticks after its end. */
const PAUSE_SECONDS = 600;

export interface RecoveryParts {
  readonly world: World;
  readonly load: () => Promise<FarmState>;
  readonly violate: (rule: number, what: string) => void;
}

export class Recovery {
  /** The longest time from the end of a storm to a steady state, in seconds. */
  worstSeconds = 0;
  readonly #parts: RecoveryParts;
  #clearedAt: number | undefined;
  #ticks = 0;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** The faults have stopped. */
  cleared(): void {
    this.#clearedAt = this.#parts.world.timeline.now;
    this.#ticks = 0;
  }

  /** A storm has begun: what has not recovered yet is no longer asked for. */
  stormed(): void {
    this.#clearedAt = undefined;
  }

  /** An invocation has ended. */
  async ended({ event, startedAt, answer, error }: Invocation): Promise<void> {
    const { world, violate } = this.#parts;
    const clearedAt = this.#clearedAt;
    const isTick = typeof event === 'object' && event !== null && 'tick' in event;
    if (clearedAt === undefined || startedAt < clearedAt || !isTick) return;
    this.#ticks += 1;
    const problems = [...tickProblems(answer, error), ...(await this.#problems())];
    if (problems.length > 0 && this.#ticks < TICKS) return;
    this.#clearedAt = undefined;
    this.worstSeconds = Math.max(this.worstSeconds, world.timeline.now - clearedAt);
    for (const problem of problems) violate(5, `${TICKS} ticks after the faults: ${problem}`);
  }

  async #problems(): Promise<readonly string[]> {
    const state = await this.#parts.load();
    const { world } = this.#parts;
    return [
      ...this.#recordProblems(state),
      ...this.#serviceProblems(state),
      ...world.offers.problems(world.config),
    ];
  }

  #recordProblems({ machines, launches, orders = [], unreadable = [] }: FarmState): readonly string[] {
    const { world } = this.#parts;
    const { timeline, region } = world;
    const isOld = (at: number): boolean => timeline.now - at > YOUNG_SECONDS;
    const recorded = new Set(machines.map(({ instanceId }) => instanceId));
    return [
      // One whose tag is gone had a record before, or nobody could know of it: that a record stays is watched elsewhere.
      ...aliveMachines(world)
        .filter(({ tags }) => tags[FARM_TAG] === world.config.tag)
        .filter(({ instanceId, startedAt }) => !recorded.has(instanceId) && isOld(startedAt))
        .map(({ instanceId }) => `${instanceId} has no record`),
      ...machines
        .filter(({ phaseSince }) => isOld(phaseSince))
        .filter(
          ({ instanceId }) => (region.instances.find(instanceId)?.state ?? 'terminated') === 'terminated',
        )
        .map(({ instanceId, phase }) => `the record of ${instanceId} (${phase}) has no instance`),
      ...orders
        .filter(isMachineOrder)
        .filter((order) => isOld(order.at) && !recorded.has(order.instanceId))
        .map((order) => `an order to ${order.kind} is left behind by a machine that is gone`),
      ...launches
        .filter(({ requestedAt, type }) => isOld(requestedAt) && !this.#wasPaused(type))
        .map(({ id }) => `launch ${id} still waits for its answer`),
      ...unreadable.map(({ key, problem }) => `record ${key} cannot be read: ${problem}`),
    ];
  }

  #wasPaused(type: string): boolean {
    return this.#parts.world.judge.orders.mayHold('pause', type, PAUSE_SECONDS);
  }

  /** Types for which builds wait while there is no machine, none on its way, no back-off and no pause that says why. */
  #serviceProblems({ farm }: FarmState): readonly string[] {
    const { world } = this.#parts;
    const { now } = world.timeline;
    const alive = countedMachines(world);
    if (alive.length >= world.config.maxTotalMachines || !world.offers.isNone) return [];
    const isResting = (type: string): boolean =>
      farm.backOffs.some((backOff) => backOff.type === type && backOff.until > now);
    return world.config.machineTypes
      .filter(({ key, maxMachines }) => maxMachines > 0 && !isResting(key) && !this.#wasPaused(key))
      .filter((type) => {
        const waiting = [...waitingFor(world, type)].filter(
          ({ queuedAt }) => now - queuedAt > PATIENCE_SECONDS,
        );
        const isWorth = waiting.length > type.ignoredRunnables;
        return isWorth && alive.length === 0;
      })
      .map(({ key }) => `builds wait for ${key}, and there is no machine, on its way or resting`);
  }
}

function tickProblems(answer: Invocation['answer'], error: unknown): readonly string[] {
  if (error !== undefined) return [`a tick fails: ${messageOf(error)}`];
  if (answer?.result === 'done' || answer?.result === 'busy') return [];
  return [`a tick ends as ${answer?.result ?? 'nothing'}`];
}
