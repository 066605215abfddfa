/**
 * The dead-man switch (infra/builders/dead-man.sh) of every builder, in virtual time: one that is idle and has heard
 * nothing for long powers itself off. It hears Nix store sessions, and recent ticks that still want this machine.
 */
import { LAUNCH_TAG } from '../../lambdas/aws/ec2/tags.ts';
import type { RegionInstance } from './region/instance.ts';
import type { World } from './world.ts';

/** As it is deployed where nothing else is said: `deadManMinutes` (infra/deployment.ts). */
export const DEAD_MAN_MINUTES = 90;

const CHECK_SECONDS = 60;
const LIMIT_SECONDS = DEAD_MAN_MINUTES * 60;

/** What a machine reads of itself in the state table. */
export interface Word {
  /** In epoch seconds; absent before the first tick. */
  readonly tickAt?: number;
  readonly wanted: boolean;
}

export class DeadMan {
  readonly #world: World;
  readonly #read: (instanceId: string) => Word;
  /** When each builder that is up last heard something. Machines made by hand have no such switch. */
  readonly #heard = new Map<string, number>();

  /** @param read what is in the state table for a machine now. */
  constructor(world: World, read: (instanceId: string) => Word) {
    this.#world = world;
    this.#read = read;
  }

  /** Begins to look once a minute. */
  start(): void {
    const { region, timeline } = this.#world;
    region.observe({
      booted: ({ instanceId, tags }) => {
        if (LAUNCH_TAG in tags) this.#heard.set(instanceId, timeline.now);
      },
      state: ({ instanceId }, state) => {
        if (state !== 'running') this.#heard.delete(instanceId);
      },
    });
    this.#check();
  }

  #check(): void {
    const { region, timeline } = this.#world;
    for (const [id, heardAt] of this.#heard) {
      const instance = region.instances.find(id);
      if (instance !== undefined) this.#checkOne(instance, heardAt);
    }
    timeline.after(CHECK_SECONDS, () => {
      this.#check();
    });
  }

  #checkOne(instance: RegionInstance, before: number): void {
    const { region, timeline, deaf } = this.#world;
    const { instanceId } = instance;
    // A frozen machine runs no timer either.
    if (instance.bootedAt === undefined || deaf.has(instanceId)) return;
    const heardAt = Math.max(before, this.#isServing(instance) ? timeline.now : -Infinity);
    const word = timeline.now - heardAt < LIMIT_SECONDS / 3 ? undefined : this.#read(instanceId);
    const toldAt = word?.wanted === true ? (word.tickAt ?? -Infinity) : -Infinity;
    const newest = Math.max(heardAt, Math.min(toldAt, timeline.now));
    this.#heard.set(instanceId, newest);
    if (timeline.now - newest >= LIMIT_SECONDS) region.powerOff(instanceId);
  }

  /** Whether a step is at work there, or the Hydra host has tried to reach it since the last look. */
  #isServing({ instanceId, address }: RegionInstance): boolean {
    const { ledger, timeline, knockedAt } = this.#world;
    const knocked = knockedAt.get(instanceId) ?? -Infinity;
    return ledger.at(address).length > 0 || knocked > timeline.now - CHECK_SECONDS;
  }
}
