/** What the gates of builders offer to the Rust queue runner, once they have dialled in. */
import * as z from 'zod';
import type { RegionInstance } from '../region/instance.ts';
import type { RustBuilders } from '../rust-runner/builders.ts';
import type { RustHydra } from '../rust-runner/rust-hydra.ts';
import type { RustRunner } from '../rust-runner/rust-runner.ts';
import type { Watched } from './farm-view.ts';
import type { OfInstance, Offers } from './offers.ts';

/** A builder that has not got through for so long has given up what it built, and the kernel of the host its connection. */
const GONE_SECONDS = 170;
/** What the function has seen of such a machine may be so old when it acts on it. */
const STALE_SECONDS = 60;
/** What a status shows of a builder that has not been heard of for longer is of the past. */
const SILENT_SECONDS = 180;

const machineSchema = z.object({
  hostname: z.string(),
  buildDirAvailThreshold: z.number(),
  stats: z.object({ currentJobs: z.number(), sinceLastPing: z.number(), buildDirFreePercent: z.number() }),
});
const statusSchema = z.object({ machines: z.record(z.string(), machineSchema) });

export class GateOffers implements Offers {
  readonly #world: Pick<Watched, 'region' | 'timeline'>;
  readonly #machines: RustBuilders;
  readonly #runner: RustRunner;
  readonly isForeign = false;

  constructor(world: Pick<Watched, 'region' | 'timeline'>, { machines, runner }: RustHydra) {
    this.#world = world;
    this.#machines = machines;
    this.#runner = runner;
  }

  get state(): string {
    return this.#open.map(({ instanceId }) => instanceId).join();
  }

  get isNone(): boolean {
    return this.#open.length === 0;
  }

  now(): OfInstance {
    return (instance) => this.#isOpen(instance);
  }

  changed(): void {
    // Each builder knows for itself.
  }

  /** There is nothing that could be wrong as a whole. */
  problems(): readonly string[] {
    return [];
  }

  /** @param status one that is printed now: what is over and holds a slot is no work. */
  busyIn(status: string): OfInstance {
    const busy = new Set(
      Object.values(statusSchema.parse(JSON.parse(status)).machines)
        .filter(
          ({
            stats: { currentJobs, sinceLastPing, buildDirFreePercent },
            hostname,
            buildDirAvailThreshold,
          }) =>
            sinceLastPing <= SILENT_SECONDS &&
            (currentJobs > this.#runner.heldSlots(hostname) || buildDirFreePercent >= buildDirAvailThreshold),
        )
        .map(({ hostname }) => hostname),
    );
    return ({ instanceId }) => busy.has(instanceId);
  }

  /** What dials in has answered. */
  hopeAt(): undefined {
    return undefined;
  }

  /** What has no slot left but those of steps that are over is never given anything again. */
  isWell({ instanceId }: RegionInstance): boolean {
    return this.#machines.isWell(instanceId) && this.#runner.hasUsableSlot(instanceId);
  }

  isGone({ instanceId }: RegionInstance): boolean {
    const { now } = this.#world.timeline;
    const { since, until = now } = this.#machines.silence(instanceId) ?? { since: Infinity };
    return until - since >= GONE_SECONDS && now - until <= STALE_SECONDS;
  }

  get #open(): readonly RegionInstance[] {
    return this.#world.region.instances.all.filter(
      (instance) => instance.state === 'running' && this.#isOpen(instance),
    );
  }

  /** What a builder did before its machine was stopped says nothing of it since. */
  #isOpen({ instanceId, bootedAt }: RegionInstance): boolean {
    if (bootedAt === undefined) return false;
    return this.#machines.hasJoined(instanceId) && this.#machines.isClosed(instanceId) === false;
  }
}
