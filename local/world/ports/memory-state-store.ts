/** A state store in memory, for simulation and tests: it behaves like the DynamoDB one, contract suite and all. */
import type {
  EpochSeconds,
  FarmState,
  Floor,
  Order,
  OrderSubject,
} from '../../../lambdas/core/model/index.ts';
import { LeaseLostError } from '../../../lambdas/ports.ts';
import type { Knock, Lease, StateChanges, StateStore } from '../../../lambdas/ports.ts';
import { decodeState, floorItem, mustShow, orderItem } from '../../../lambdas/aws/dynamo/state-items.ts';
import type { StateItem } from '../../../lambdas/aws/dynamo/state-items.ts';
import {
  floorKey,
  LEASE_KEY,
  machineKey,
  orderKey,
  TICK_KEY,
} from '../../../lambdas/aws/dynamo/state-table.ts';
import { saveChanges, type ItemSink } from '../../../lambdas/aws/dynamo/state-writes.ts';

export type StoreCall =
  | 'acquire'
  | 'renew'
  | 'knock'
  | 'release'
  | 'abandon'
  | 'load'
  | 'save'
  | 'write'
  | 'close'
  | 'hasMachine'
  | 'putFloor'
  | 'removeFloor'
  | 'putOrder'
  | 'removeOrder';

/**
 * Called before anything happens. What it throws, the call throws, and nothing has changed. `write` and `close` are the
 * single records of a `save`, with the id; what is thrown there ends up in an `UnsavedError`, as with DynamoDB.
 */
export type BeforeCall = (call: StoreCall, id?: string) => void | Promise<void>;

interface StoredItem {
  readonly fields: object;
  /** Absent on floors and orders: people need no lease. */
  readonly fence?: number;
}

/** Records are copied on the way in and on the way out: no object is shared with the store. */
export class MemoryStateStore implements StateStore {
  /** May be replaced at any time, to make calls fail. */
  before: BeforeCall;
  readonly #items = new Map<string, StoredItem>();
  /** What machines read. */
  readonly #heard = new Map<string, StoredItem>();
  #held: Lease | undefined;
  #fence: number | undefined;
  /** Whether there was a knock while the lease was held, and which invocation waits. */
  #knock: { readonly waiter: string | undefined } | undefined;

  constructor(before: BeforeCall = () => undefined) {
    this.before = before;
  }

  async acquire(
    holder: string,
    now: EpochSeconds,
    seconds: number,
  ): Promise<{ readonly lease: Lease } | { readonly heldBy: Lease }> {
    await this.before('acquire', holder);
    const held = this.#held;
    if (held !== undefined && held.until > now)
      return held.holder === holder ? { lease: held } : { heldBy: held };
    this.#fence = (this.#fence ?? Math.floor(now)) + 1;
    this.#held = { holder, fence: this.#fence, until: now + seconds };
    this.#knock = undefined;
    return { lease: this.#held };
  }

  async renew(lease: Lease, now: EpochSeconds, seconds: number): Promise<Lease> {
    await this.before('renew', lease.holder);
    if (!this.#isHeldBy(lease)) {
      throw new LeaseLostError(`${lease.holder} no longer holds the lease with fence ${lease.fence}`);
    }
    this.#held = { ...lease, until: now + seconds };
    return this.#held;
  }

  async knock(held: Lease, waiter?: string): Promise<Knock> {
    await this.before('knock', held.holder);
    if (!this.#isHeldBy(held)) return 'gone';
    this.#knock = { waiter: this.#knock?.waiter ?? waiter };
    return waiter !== undefined && this.#knock.waiter === waiter ? 'first' : 'heard';
  }

  async release(lease: Lease): Promise<'released' | 'knocked'> {
    await this.before('release', lease.holder);
    if (!this.#isHeldBy(lease)) return 'released';
    const answer = this.#knock === undefined ? 'released' : 'knocked';
    this.#knock = undefined;
    if (answer === 'released') this.#held = undefined;
    return answer;
  }

  async abandon(lease: Lease): Promise<void> {
    await this.before('abandon', lease.holder);
    if (this.#isHeldBy(lease)) this.#held = undefined;
  }

  async load(now: EpochSeconds, lease?: Lease): Promise<FarmState> {
    await this.before('load');
    const ofLease = this.#fence === undefined ? [] : [{ key: LEASE_KEY, fields: { fence: this.#fence } }];
    const items = [...ofLease, ...[...this.#items].map(([key, { fields }]): StateItem => ({ key, fields }))];
    if (lease !== undefined) mustShow(lease, items);
    return decodeState(
      items.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      now,
    );
  }

  async save(lease: Lease, changes: StateChanges): Promise<void> {
    await this.before('save', lease.holder);
    await saveChanges(changes, {
      records: this.#sink(lease, this.#items, this.before),
      heard: this.#sink(lease, this.#heard, () => undefined),
    });
  }

  /** What a machine reads of itself. */
  heard(instanceId: string): {
    readonly tickAt?: EpochSeconds;
    readonly runnerKind?: string;
    readonly wanted: boolean;
  } {
    const tick = this.#heard.get(TICK_KEY)?.fields;
    return {
      ...(tick !== undefined && 'at' in tick && { tickAt: Number(tick.at) }),
      ...(tick !== undefined && 'runnerKind' in tick && { runnerKind: String(tick.runnerKind) }),
      wanted: this.#heard.has(machineKey(instanceId)),
    };
  }

  async hasMachine(instanceId: string): Promise<boolean> {
    await this.before('hasMachine', instanceId);
    return this.#items.has(machineKey(instanceId));
  }

  async putFloor(floor: Floor): Promise<void> {
    await this.before('putFloor', floor.type);
    const { key, fields } = floorItem(floor);
    this.#items.set(key, { fields });
  }

  async removeFloor(type: string): Promise<void> {
    await this.before('removeFloor', type);
    this.#items.delete(floorKey(type));
  }

  async putOrder(order: Order): Promise<void> {
    const { key, fields } = orderItem(order);
    await this.before('putOrder', key);
    this.#items.set(key, { fields });
  }

  async removeOrder(subject: OrderSubject): Promise<void> {
    await this.before('removeOrder', orderKey(subject));
    this.#items.delete(orderKey(subject));
  }

  /** Puts an item under a key just as it is, past every check: what a person at the console could do. */
  plant(key: string, fields: object): void {
    this.#items.set(key, { fields: structuredClone(fields) });
  }

  #isHeldBy(lease: Lease): boolean {
    return this.#held?.holder === lease.holder && this.#held.fence === lease.fence;
  }

  /** `items` as `lease` may write them. */
  #sink(lease: Lease, items: Map<string, StoredItem>, before: BeforeCall): ItemSink {
    const refuseIfOvertaken = (key: string): void => {
      const fence = items.get(key)?.fence;
      if (fence === undefined || fence <= lease.fence) return;
      throw new LeaseLostError(`${key} bears a higher fence than ${lease.fence}: somebody has taken over`);
    };
    return {
      put: async ({ key, fields }, id) => {
        await before('write', id);
        refuseIfOvertaken(key);
        items.set(key, { fields, fence: lease.fence });
      },
      close: async (key, id) => {
        await before('close', id);
        refuseIfOvertaken(key);
        items.delete(key);
      },
    };
  }
}
