/** Machine time paid for and machine time used, by the world's own account. */
import { FARM_TAG, FLEET_MARK, TYPE_TAG, typeFromTagValue } from '../../lambdas/aws/ec2/tags.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import type { Region } from './region/region.ts';

export class MachineHours {
  readonly #region: Region;
  readonly #config: () => Config;
  /** Type of every machine of ours there ever was; the region forgets instances and their tags. */
  readonly #types = new Map<string, MachineType | undefined>();

  /** @param config the configuration now. */
  constructor(region: Region, config: () => Config) {
    this.#region = region;
    this.#config = config;
    region.observe({
      state: ({ instanceId, tags }) => {
        if (tags[FARM_TAG] === config().tag && FLEET_MARK in tags && !this.#types.has(instanceId))
          this.#types.set(instanceId, this.#typeOf(tags));
      },
    });
  }

  #typeOf(tags: Readonly<Record<string, string>>): MachineType | undefined {
    const key = typeFromTagValue(tags[TYPE_TAG] ?? '');
    return this.#config().machineTypes.find((type) => type.key === key);
  }

  /** Machines launched so far, one way or another. */
  get launched(): number {
    return this.#types.size;
  }

  /** Slots of the machine at an address now; 1 where that is not known. */
  slotsAt(address: string): number {
    const instance = this.#region.instances.all.find(
      (other) => other.address === address && other.state === 'running',
    );
    return instance === undefined ? 1 : (this.#types.get(instance.instanceId)?.maxJobs ?? 1);
  }

  /** Hours AWS charges for up to now: whole ones per start under hourly billing, seconds under per-second billing. */
  get billed(): number {
    const { billing, timeline } = this.#region;
    const seconds = [...this.#types].map(([instanceId, type]) =>
      billing.seconds(instanceId, type?.billing ?? 'per-second', timeline.now),
    );
    return seconds.reduce((sum, value) => sum + value, 0) / 3600;
  }

  /** Hours our machines have run up to now, whatever is charged for them. */
  get running(): number {
    const { billing, timeline } = this.#region;
    const intervals = [...this.#types.keys()].flatMap((instanceId) => billing.intervals(instanceId));
    return (
      intervals.reduce((sum, { startedAt, stoppedAt }) => sum + (stoppedAt ?? timeline.now) - startedAt, 0) /
      3600
    );
  }
}
