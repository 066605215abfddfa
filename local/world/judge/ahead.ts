/** Rule 4 of types that work by a target wait: nothing is launched while nothing asks for it, waits for it or is about to come. */
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { standingFloor } from '../../../lambdas/core/config/warm.ts';
import type { Evaluation } from '../../../lambdas/core/model/index.ts';
import { canBuild, waitingFor } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Violate } from './violations.ts';

/** What a tick that goes on for its whole time has seen at its begin may be this old, in seconds, and so may a launch that is sent again. */
const MEMORY_SECONDS = 2400;

export class Ahead {
  readonly #world: Watched;
  readonly #violate: Violate;
  /** When machines of a type were last asked for. */
  readonly #askedAt = new Map<string, number>();
  /** Types of launches that nothing seemed to ask for: the next look tells whether a person did. */
  #doubtful = new Set<string>();

  constructor(world: Watched, violate: Violate) {
    this.#world = world;
    this.#violate = violate;
  }

  /** One look. @param troubled what the function has heard may be anything. */
  look(troubled: boolean, floorOf: (type: string) => number): void {
    const { now } = this.#world.timeline;
    for (const type of this.#world.config.machineTypes)
      if (troubled || floorOf(type.key) > 0 || this.#isAsked(type)) this.#askedAt.set(type.key, now);
    const doubtful = this.#doubtful;
    this.#doubtful = new Set();
    for (const key of doubtful)
      if (this.#secondsSinceAsked(key) >= MEMORY_SECONDS)
        this.#violate(4, `${key} was launched, for which nothing waits and no jobset is evaluated`);
  }

  /** A fleet of ours has launched machines of these types. */
  launched(types: Iterable<string>): void {
    for (const key of types) {
      const type = this.#world.config.machineTypes.find((one) => one.key === key);
      if (type?.targetWaitSeconds === undefined || this.#isAsked(type)) continue;
      if (this.#secondsSinceAsked(key) >= MEMORY_SECONDS) this.#doubtful.add(key);
    }
  }

  #secondsSinceAsked(key: string): number {
    return this.#world.timeline.now - (this.#askedAt.get(key) ?? 0);
  }

  #isAsked(type: MachineType): boolean {
    const { timeline, evaluations } = this.#world;
    if (standingFloor(type, timeline.now) > 0 || waitingFor(this.#world, type).next().done !== true)
      return true;
    const evaluated = evaluations.notice(timeline.now)?.evaluations ?? [];
    const mayLaunch = this.#world.config.launchAhead && type.billing !== 'hourly';
    return mayLaunch && evaluated.some((evaluation) => mayBring(evaluation, type));
  }
}

/** Its jobset has brought such builds at least twice: that it always did, or how long it takes, is judged nowhere else. */
const mayBring = ({ harvests }: Evaluation, type: MachineType): boolean =>
  harvests.filter(({ kinds }) => kinds.some(({ system, features }) => canBuild(type, { system, features })))
    .length >= 2;
