/** EC2's token buckets, for requests and for resources (AWS: docs/develop/facts.md#ec2-request-limits). */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';

interface BucketSize {
  readonly tokens: number;
  readonly refillPerSecond: number;
}

/** How much of the buckets a call takes. */
export interface CallCost {
  /** Instances asked for or named; counts in the resource bucket of the actions that have one. */
  readonly resources?: number;
  /** A Describe call without filter and page size has a smaller bucket of its own. */
  readonly unfiltered?: boolean;
}

const REQUESTS: Readonly<Record<string, BucketSize>> = {
  RunInstances: { tokens: 5, refillPerSecond: 2 },
  CreateFleet: { tokens: 5, refillPerSecond: 2 },
  StartInstances: { tokens: 5, refillPerSecond: 2 },
  StopInstances: { tokens: 50, refillPerSecond: 5 },
  TerminateInstances: { tokens: 100, refillPerSecond: 5 },
  CreateTags: { tokens: 100, refillPerSecond: 10 },
};
const DESCRIBE: BucketSize = { tokens: 100, refillPerSecond: 20 };
const DESCRIBE_UNFILTERED: BucketSize = { tokens: 50, refillPerSecond: 10 };
const OTHER: BucketSize = { tokens: 50, refillPerSecond: 5 };

const RESOURCES: Readonly<Record<string, BucketSize>> = {
  RunInstances: { tokens: 1000, refillPerSecond: 2 },
  CreateFleet: { tokens: 1000, refillPerSecond: 2 },
  StartInstances: { tokens: 1000, refillPerSecond: 2 },
  StopInstances: { tokens: 1000, refillPerSecond: 20 },
  TerminateInstances: { tokens: 1000, refillPerSecond: 20 },
};

class Bucket {
  readonly #size: BucketSize;
  #tokens: number;
  #at: EpochSeconds;

  constructor(size: BucketSize, now: EpochSeconds) {
    this.#size = size;
    this.#tokens = size.tokens;
    this.#at = now;
  }

  take(count: number, now: EpochSeconds): boolean {
    this.#tokens = Math.min(this.#size.tokens, this.#tokens + (now - this.#at) * this.#size.refillPerSecond);
    this.#at = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}

export class Throttle {
  readonly #buckets = new Map<string, Bucket>();

  /** Whether the call may pass now; takes its tokens if so. */
  admits(action: string, cost: CallCost, now: EpochSeconds): boolean {
    const resources = RESOURCES[action];
    return (
      this.#bucket(requestBucket(action, cost), now).take(1, now) &&
      (resources === undefined ||
        this.#bucket([`${action} resources`, resources], now).take(cost.resources ?? 1, now))
    );
  }

  #bucket([name, size]: readonly [string, BucketSize], now: EpochSeconds): Bucket {
    const bucket = this.#buckets.get(name) ?? new Bucket(size, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

function requestBucket(action: string, cost: CallCost): readonly [string, BucketSize] {
  if (!action.startsWith('Describe')) return [action, REQUESTS[action] ?? OTHER];
  return cost.unfiltered === true ? [`${action} unfiltered`, DESCRIBE_UNFILTERED] : [action, DESCRIBE];
}
