/** The lives of the machines of a played trace: launched, first offered, ended. */
import { TYPE_TAG, typeFromTagValue } from '../../../../lambdas/aws/ec2/tags.ts';
import type { InstanceState, RegionInstance } from '../../../world/region/instance.ts';
import type { World } from '../../../world/world.ts';
import type { MachineLife } from './score.ts';

/** Each start of an instance is one. Instants are in epoch seconds. */
interface Life {
  /** Key of its machine type. */
  readonly type: string;
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
  readonly #most = new Map<string, number>();
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

  #entered({ instanceId, address, tags }: RegionInstance, state: InstanceState): void {
    const { now } = this.#world.timeline;
    const life = this.#running.get(instanceId);
    if (life === undefined && state === 'pending') {
      const begun = { type: typeFromTagValue(tags[TYPE_TAG] ?? ''), address, from: now };
      this.#all.push(begun);
      this.#running.set(instanceId, begun);
      this.#noteMost(begun.type);
    } else if (life !== undefined && ENDS.has(state)) {
      life.to = now;
      this.#running.delete(instanceId);
    }
  }

  #noteMost(type: string): void {
    this.#peak = Math.max(this.#peak, this.alive);
    const ofType = [...this.#running.values()].filter((life) => life.type === type).length;
    this.#most.set(type, Math.max(this.#most.get(type) ?? 0, ofType));
  }

  /** The machines file has just been written, and says `text`. */
  written(text: string): void {
    for (const life of this.#running.values())
      if (life.offeredAt === undefined && text.includes(`@${life.address} `))
        life.offeredAt = this.#world.timeline.now;
  }

  /** Of one machine type, or of all. Those that still live end now. */
  machines(type?: string): readonly MachineLife[] {
    const { now } = this.#world.timeline;
    return this.#all
      .filter((life) => type === undefined || life.type === type)
      .map(({ from, to = now }) => ({ from, to }));
  }

  /** Most at once, of one machine type or of all. */
  peak(type?: string): number {
    return type === undefined ? this.#peak : (this.#most.get(type) ?? 0);
  }

  /** When each machine was first offered, in seconds after `begin`, the earliest first. */
  offeredAfter(begin: number): readonly number[] {
    return this.#all
      .flatMap(({ offeredAt }) => (offeredAt === undefined ? [] : [offeredAt - begin]))
      .toSorted((a, b) => a - b);
  }
}
