/** What happens to the world by the hour, and how it ends. */
import type { Random } from '../../../world/random.ts';
import type { RegionInstance } from '../../../world/region/instance.ts';
import { RegionError } from '../../../world/region/errors.ts';
import { isOurs } from '../../../world/judge/farm-view.ts';
import type { FaultName } from '../fault-kinds.ts';
import type { FaultyStage } from '../faulty-stage.ts';
import type { WrittenFarm } from '../written-farm.ts';

export interface DisturbanceContext {
  readonly stage: FaultyStage;
  readonly luck: Random;
  readonly written: WrittenFarm;
}

/** Undoes what a disturbance did. */
export type Heal = () => void;

export interface Disturbance {
  readonly name: FaultName;
  /** How long it lasts, in seconds; absent for what happens in an instant. */
  readonly lasts?: readonly [low: number, high: number];
  /** Lets it happen. Returns how to heal it, or false when there was nothing to disturb. */
  readonly begin: (context: DisturbanceContext) => Heal | false;
}

/** Nothing is left to be healed. */
export const done: Heal = () => undefined;

/** One of our instances in this state, if there is any. */
export function someInstance(
  { stage, luck }: DisturbanceContext,
  fits: (instance: RegionInstance) => boolean,
): RegionInstance | undefined {
  const { region } = stage.world;
  const found = region.instances
    .visible(stage.world.timeline.now)
    .filter((instance) => isOurs(instance, stage.world) && fits(instance));
  return found.length === 0 ? undefined : luck.pick(found);
}

export const isRunning = ({ state }: RegionInstance): boolean => state === 'running';

/** A person whom AWS refuses something gives up. */
export function unlessRefused(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof RegionError)) throw error;
  }
}
