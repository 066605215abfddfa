/** DynamoDB on a bad day: refusals, lost answers, single records that cannot be written, long waits. */
import type {
  EpochSeconds,
  FarmState,
  Floor,
  Order,
  OrderSubject,
} from '../../../../lambdas/core/model/index.ts';
import { LeaseLostError, UnsavedError } from '../../../../lambdas/ports.ts';
import type { Clock, Knock, Lease, StateChanges, StateStore } from '../../../../lambdas/ports.ts';
import { decodeState, mustShow } from '../../../../lambdas/aws/dynamo/state-items.ts';
import type { MemoryStateStore } from '../../../world/ports/memory-state-store.ts';
import { STORE_ERRORS } from '../aws-error-names.ts';
import type { Chaos } from '../chaos.ts';

const LONGEST_WAIT_SECONDS = 10;

/** As the SDK throws: the name is AWS's, and the answer was an answer. */
class StoreError extends Error {
  readonly $fault = 'server';

  constructor(name: string) {
    super(`${name} was ordered by the simulation`);
    this.name = name;
  }
}

export class FaultyStore implements StateStore {
  readonly #inner: MemoryStateStore;
  readonly #chaos: Chaos;
  readonly #clock: Clock;

  constructor(inner: MemoryStateStore, chaos: Chaos, clock: Clock) {
    this.#inner = inner;
    this.#chaos = chaos;
    this.#clock = clock;
    inner.before = (call) => {
      const isRecord = call === 'write' || call === 'close';
      if (isRecord && chaos.strikes('store-record-fails'))
        throw new StoreError(chaos.luckOf('store-record-fails').pick(STORE_ERRORS));
    };
  }

  acquire(
    holder: string,
    now: EpochSeconds,
    seconds: number,
  ): Promise<{ readonly lease: Lease } | { readonly heldBy: Lease }> {
    return this.#call(() => this.#inner.acquire(holder, now, seconds));
  }

  renew(lease: Lease, now: EpochSeconds, seconds: number): Promise<Lease> {
    return this.#call(() => this.#inner.renew(lease, now, seconds));
  }

  knock(held: Lease, waiter?: string): Promise<Knock> {
    return this.#call(() => this.#inner.knock(held, waiter));
  }

  release(lease: Lease): Promise<'released' | 'knocked'> {
    return this.#call(() => this.#inner.release(lease));
  }

  abandon(lease: Lease): Promise<void> {
    return this.#call(() => this.#inner.abandon(lease));
  }

  load(now: EpochSeconds, lease?: Lease): Promise<FarmState> {
    return this.#call(() => {
      if (!this.#chaos.strikes('state-empty')) return this.#inner.load(now, lease);
      // As the adapter takes such an answer: what was just written must be in it.
      if (lease !== undefined) mustShow(lease, []);
      return Promise.resolve(decodeState([], now));
    });
  }

  hasMachine(instanceId: string): Promise<boolean> {
    return this.#call(() => this.#inner.hasMachine(instanceId));
  }

  putFloor(floor: Floor): Promise<void> {
    return this.#call(() => this.#inner.putFloor(floor));
  }

  removeFloor(type: string): Promise<void> {
    return this.#call(() => this.#inner.removeFloor(type));
  }

  putOrder(order: Order): Promise<void> {
    return this.#call(() => this.#inner.putOrder(order));
  }

  removeOrder(subject: OrderSubject): Promise<void> {
    return this.#call(() => this.#inner.removeOrder(subject));
  }

  /** A save is many calls: what is lost here are the answers of all of them. */
  async save(lease: Lease, changes: StateChanges): Promise<void> {
    const ids = [
      ...changes.machines.map(({ instanceId }) => instanceId),
      ...changes.launches.map(({ id }) => id),
      ...changes.closedMachines,
      ...changes.closedLaunches,
      ...(changes.farm === undefined ? [] : ['farm']),
    ];
    if (ids.length === 0) return;
    await this.#wait();
    if (this.#chaos.strikes('store-error')) throw new UnsavedError('nothing was saved', ids, this.#refusal());
    await this.#inner.save(lease, changes);
    if (this.#chaos.strikes('store-lost-reply')) throw new UnsavedError('all answers were lost', ids);
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    await this.#wait();
    if (this.#chaos.strikes('store-error')) throw this.#refusal();
    const answer = await send();
    if (this.#chaos.strikes('store-lost-reply')) throw new Error('the connection to DynamoDB broke');
    return answer;
  }

  #refusal(): Error {
    const name = this.#chaos.luckOf('store-error').pick(STORE_ERRORS);
    this.#chaos.count('store-error', name);
    return new StoreError(name);
  }

  async #wait(): Promise<void> {
    const chaos = this.#chaos;
    if (!chaos.strikes('store-slow')) return;
    await this.#clock.sleep(chaos.luckOf('store-slow').between(0.5, LONGEST_WAIT_SECONDS));
  }
}

/** Told apart from trouble where the ends of ticks are counted. */
export const isTrouble = (error: unknown): boolean =>
  error instanceof StoreError || error instanceof LeaseLostError || error instanceof UnsavedError;
