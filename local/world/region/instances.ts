/** All instances the region still knows, and looking them up as eventually consistent AWS does. */
import type { EpochSeconds, Market } from '../../../lambdas/core/model/index.ts';
import type { CapacityPool } from './capacity.ts';
import { RegionError } from './errors.ts';
import { isPlaced, type MutableInstance, type RegionInstance } from './instance.ts';

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

export class Instances {
  readonly #byId = new Map<string, MutableInstance>();

  add(instance: MutableInstance): void {
    this.#byId.set(instance.instanceId, instance);
  }

  forget(instanceId: string): void {
    this.#byId.delete(instanceId);
  }

  /** Every instance there is, also those no call sees yet. */
  get all(): readonly RegionInstance[] {
    return [...this.#byId.values()];
  }

  /** The instance, whether calls see it or not. */
  find(instanceId: string): RegionInstance | undefined {
    return this.#byId.get(instanceId);
  }

  /** The same, for what happens to an instance by itself rather than by a call. */
  forChange(instanceId: string): MutableInstance | undefined {
    return this.#byId.get(instanceId);
  }

  /** What calls see at `now`, in the order of the ids, which is no order to rely on. */
  visible(now: EpochSeconds): readonly RegionInstance[] {
    return this.all
      .filter((instance) => instance.visibleAt <= now)
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  }

  /**
   * The instances with these ids, or none at all: one bad id spoils the call, as on AWS.
   * @throws RegionError `InvalidInstanceID.Malformed` or `InvalidInstanceID.NotFound`
   */
  require(instanceIds: readonly string[], now: EpochSeconds): readonly MutableInstance[] {
    const malformed = instanceIds.find((id) => !INSTANCE_ID.test(id));
    if (malformed !== undefined) {
      throw new RegionError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
    }
    const found: MutableInstance[] = [];
    const unknown: string[] = [];
    for (const id of new Set(instanceIds)) {
      const instance = this.#byId.get(id);
      if (instance === undefined || instance.visibleAt > now) unknown.push(id);
      else found.push(instance);
    }
    if (unknown.length === 0) return found;
    const [ids, verb] = unknown.length === 1 ? ['ID', 'does'] : ['IDs', 'do'];
    throw new RegionError(
      'InvalidInstanceID.NotFound',
      `The instance ${ids} '${unknown.join(', ')}' ${verb} not exist`,
    );
  }

  /** How many machines a pool holds now. */
  placedIn(pool: CapacityPool): number {
    return this.all.filter(
      (instance) =>
        isPlaced(instance) &&
        instance.type.name === pool.instanceType &&
        instance.subnet.zone === pool.zone &&
        instance.market === pool.market,
    ).length;
  }

  placedVcpus(market: Market): number {
    return this.all
      .filter((instance) => isPlaced(instance) && instance.market === market)
      .reduce((sum, instance) => sum + instance.type.vcpus, 0);
  }
}
