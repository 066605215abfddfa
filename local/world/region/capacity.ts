/** How many machines a pool (instance type, zone, market) and the account's quotas still have room for. */
import type { Market } from '../../../lambdas/core/model.ts';
import { RegionError } from './errors.ts';

export interface CapacityPool {
  readonly instanceType: string;
  readonly zone: string;
  readonly market: Market;
}

interface Limit {
  readonly selector: Partial<CapacityPool>;
  readonly machines: number;
}

const covers = (selector: Partial<CapacityPool>, pool: CapacityPool): boolean =>
  (selector.instanceType ?? pool.instanceType) === pool.instanceType &&
  (selector.zone ?? pool.zone) === pool.zone &&
  (selector.market ?? pool.market) === pool.market;

export class Capacity {
  readonly #limits: Limit[] = [];
  readonly #unsupported: Partial<CapacityPool>[] = [];

  /**
   * From now on every pool that `selector` covers holds at most `machines` machines, those already there included.
   * The limit set last wins. Instances over the limit are left alone.
   */
  limit(selector: Partial<CapacityPool>, machines: number): void {
    this.#limits.unshift({ selector, machines });
  }

  /** The zones that `selector` covers do not offer the instance type at all. */
  withdraw(selector: Partial<CapacityPool>): void {
    this.#unsupported.push(selector);
  }

  offers(pool: CapacityPool): boolean {
    return !this.#unsupported.some((selector) => covers(selector, pool));
  }

  /** How many more machines the pool has room for when it holds `inUse`. Infinity unless limited. */
  room(pool: CapacityPool, inUse: number): number {
    const limit = this.#limits.find(({ selector }) => covers(selector, pool));
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
