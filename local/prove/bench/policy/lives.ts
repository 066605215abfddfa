/** The lives of the machines of a played trace: launched, first offered, ended. */
import type { InstanceState, RegionInstance } from '../../../world/region/instance.ts';
import type { World } from '../../../world/world.ts';
import type { MachineLife } from './score.ts';

/** Each start of an instance is one. Instants are in epoch seconds. */
interface Life {
  readonly address: string;
  readonly from: number;
  to?: number;
  offeredAt?: number;
}

const ENDS: ReadonlySet<InstanceState> = new Set(['stopping', 'shutting-down', 'terminated']);

export class Lives {
  readonly #world: World;
  readonly #all: Life[] = [];
  readonly #running = new Map<string, Life>();
  #peak = 0;

  constructor(world: World) {
    this.#world = world;
    world.region.observe({
      state: (instance, state) => {
        this.#entered(instance, state);
      },
    });
  }

  /** Machines that have been launched and not ended. */
  get alive(): number {
    return this.#running.size;
  }

  #entered({ instanceId, address }: RegionInstance, state: InstanceState): void {
    const { now } = this.#world.timeline;
    const life = this.#running.get(instanceId);
    if (life === undefined && state === 'pending') {
      const begun = { address, from: now };
      this.#all.push(begun);
      this.#running.set(instanceId, begun);
      this.#peak = Math.max(this.#peak, this.alive);
    } else if (life !== undefined && ENDS.has(state)) {
      life.to = now;
      this.#running.delete(instanceId);
    }
  }

  /** The machines file has just been written, and says `text`. */
  written(text: string): void {
    for (const life of this.#running.values())
      if (life.offeredAt === undefined && text.includes(`@${life.address} `))
        life.offeredAt = this.#world.timeline.now;
  }

  /** Those that still live end now. */
  get machines(): readonly MachineLife[] {
    return this.#all.map(({ from, to = this.#world.timeline.now }) => ({ from, to }));
  }

  /** Most at once. */
  get peak(): number {
    return this.#peak;
  }

  /** When each machine was first offered, in seconds after `begin`, the earliest first. */
  offeredAfter(begin: number): readonly number[] {
    return this.#all
      .flatMap(({ offeredAt }) => (offeredAt === undefined ? [] : [offeredAt - begin]))
      .toSorted((a, b) => a - b);
  }
}
