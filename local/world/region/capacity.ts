/** How many machines a pool (instance type, zone, market) and the account's quotas still have room for. */
import type { Market } from '../../../lambdas/core/model/index.ts';
import { RegionError } from './errors.ts';
import { covers } from './selector.ts';
import type { Placed, Selector } from './selector.ts';

export interface CapacityPool {
  readonly instanceType: string;
  readonly zone: string;
  readonly market: Market;
}

interface Limit {
  readonly selector: Selector;
  readonly machines: number;
}

export class Capacity {
  #limits: readonly Limit[] = [];
  readonly #unsupported: Partial<CapacityPool>[] = [];

  /**
   * From now on every pool that `selector` covers holds at most `machines` machines, those already there included.
   * The limit set last wins. Instances over the limit are left alone. Returns how to lift it again.
   */
  limit(selector: Selector, machines: number): () => void {
    const limit = { selector, machines };
    this.#limits = [limit, ...this.#limits];
    return () => {
      this.#limits = this.#limits.filter((other) => other !== limit);
    };
  }

  /** The zones that `selector` covers do not offer the instance type at all. */
  withdraw(selector: Partial<CapacityPool>): void {
    this.#unsupported.push(selector);
  }

  offers(pool: CapacityPool): boolean {
    return !this.#unsupported.some((selector) => covers(selector, pool));
  }

  /** How many more such machines their pool has room for when it holds `inUse`. Infinity unless limited. */
  room(machine: Placed, inUse: number): number {
    const limit = this.#limits.find(({ selector }) => covers(selector, machine));
    return limit === undefined ? Infinity : Math.max(0, limit.machines - inUse);
  }
}

export const insufficientCapacity = (pool: CapacityPool): RegionError =>
  new RegionError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${pool.instanceType} capacity in the Availability Zone you requested (${pool.zone}). ` +
      'Our system will be working on provisioning additional capacity.',
  );

export const unsupportedInZone = (pool: CapacityPool): RegionError =>
  new RegionError(
    'Unsupported',
    `Your requested instance type (${pool.instanceType}) is not supported in your requested Availability Zone (${pool.zone}).`,
  );

export const quotaExceeded = (market: Market, quotaVcpus: number): RegionError =>
  market === 'spot'
    ? new RegionError('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded')
    : new RegionError(
        'VcpuLimitExceeded',
        `You have requested more vCPU capacity than your current vCPU limit of ${quotaVcpus} allows for the instance bucket that the specified instance type belongs to.`,
      );
