/**
 * The state store on one DynamoDB table. Only single-item calls with conditions: the fence in each item does the work
 * of transactions, and every local engine runs it. Throttling and lost answers are left to the SDK's retry: each write
 * here may be sent twice without harm.
 *
 * A closed item leaves no fence behind, so a tick that has lost its lease could write that item once more. This is
 * harmless: the next tick compares every record with what EC2 says and closes it again.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { EpochSeconds, FarmState, Floor, Order, OrderSubject } from '../../core/model/index.ts';
import { LeaseLostError, type Knock, type Lease, type StateChanges, type StateStore } from '../../ports.ts';
import { DynamoLease } from './lease.ts';
import { queryItems } from './query.ts';
import { decodeState, floorItem, mustShow, orderItem, type StateItem } from './state-items.ts';
import { floorKey, heardPartition, machineKey, orderKey, STATE_TABLE } from './state-table.ts';
import { saveChanges, type ItemSink } from './state-writes.ts';

export class DynamoStateStore implements StateStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #farm: string;
  readonly #lease: DynamoLease;

  /** @param farm the farm's tag: the partition all its items lie in. */
  constructor(client: DynamoDBClient, tableName: string, farm: string) {
    this.#client = client;
    this.#tableName = tableName;
    this.#farm = farm;
    this.#lease = new DynamoLease(client, tableName, farm);
  }

  acquire(holder: string, now: EpochSeconds, seconds: number) {
    return this.#lease.acquire(holder, now, seconds);
  }

  renew(lease: Lease, now: EpochSeconds, seconds: number): Promise<Lease> {
    return this.#lease.renew(lease, now, seconds);
  }

  knock(held: Lease, waiter?: string): Promise<Knock> {
    return this.#lease.knock(held, waiter);
  }

  release(lease: Lease): Promise<'released' | 'knocked'> {
    return this.#lease.release(lease);
  }

  abandon(lease: Lease): Promise<void> {
    return this.#lease.abandon(lease);
  }

  /** Pages are read one after the other; only the holder of the lease and people's floors could change anything meanwhile. */
  async load(now: EpochSeconds, lease?: Lease): Promise<FarmState> {
    const items: StateItem[] = [];
    const found = queryItems(this.#client, {
      TableName: this.#tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :farm',
      ExpressionAttributeNames: { '#partition': STATE_TABLE.partitionKey },
      ExpressionAttributeValues: marshall({ ':farm': this.#farm }),
    });
    for await (const item of found) items.push(toStateItem(item));
    if (lease !== undefined) mustShow(lease, items);
    return decodeState(items, now);
  }

  save(lease: Lease, changes: StateChanges): Promise<void> {
    return saveChanges(changes, {
      records: this.#sink(lease, this.#farm),
      heard: this.#sink(lease, heardPartition(this.#farm)),
    });
  }

  async hasMachine(instanceId: string): Promise<boolean> {
    const Key = marshall(this.#keyOf(machineKey(instanceId)));
    const found = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key, ConsistentRead: true }),
    );
    return found.Item !== undefined;
  }

  async putFloor(floor: Floor): Promise<void> {
    await this.#putUnfenced(floorItem(floor), floor.until);
  }

  removeFloor(type: string): Promise<void> {
    return this.#deleteUnfenced(floorKey(type));
  }

  async putOrder(order: Order): Promise<void> {
    await this.#putUnfenced(orderItem(order), order.until);
  }

  removeOrder(subject: OrderSubject): Promise<void> {
    return this.#deleteUnfenced(orderKey(subject));
  }

  /** What people say needs no lease. */
  async #putUnfenced({ key, fields }: StateItem, until: EpochSeconds | undefined): Promise<void> {
    const timeToLive = until === undefined ? {} : { [STATE_TABLE.timeToLive]: Math.ceil(until) };
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#tableName,
        Item: marshall({ ...fields, ...this.#keyOf(key), ...timeToLive }),
      }),
    );
  }

  async #deleteUnfenced(key: string): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#tableName, Key: marshall(this.#keyOf(key)) }),
    );
  }

  /** A partition as `lease` may write it. */
  #sink(lease: Lease, partition: string): ItemSink {
    const fenced = this.#fenced(lease);
    return {
      put: async ({ key, fields }) => {
        const Item = marshall({ ...fields, ...this.#keyOf(key, partition), fence: lease.fence });
        await unlessOvertaken(lease, key, this.#client.send(new PutItemCommand({ Item, ...fenced })));
      },
      close: async (key) => {
        const Key = marshall(this.#keyOf(key, partition));
        await unlessOvertaken(lease, key, this.#client.send(new DeleteItemCommand({ Key, ...fenced })));
      },
    };
  }

  #keyOf(key: string, partition = this.#farm): Record<string, string> {
    return { [STATE_TABLE.partitionKey]: partition, [STATE_TABLE.sortKey]: key };
  }

  /** The condition under which `lease` may write an item. */
  #fenced(lease: Lease) {
    // An item that is not there, or that bears no usable fence, was not written by a later holder.
    const hasNoFence = 'NOT attribute_type(#fence, :number)';
    const isNotOvertaken = '#fence <= :fence';
    return {
      TableName: this.#tableName,
      ConditionExpression: `${hasNoFence} OR ${isNotOvertaken}`,
      ExpressionAttributeNames: { '#fence': 'fence' },
      ExpressionAttributeValues: marshall({ ':fence': lease.fence, ':number': 'N' }),
    };
  }
}

async function unlessOvertaken(lease: Lease, key: string, write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new LeaseLostError(`${key} bears a higher fence than ${lease.fence}: somebody has taken over`, {
      cause: error,
    });
  }
}

/** Numbers too large to be ours must not stop the rest from being read: they stay plain numbers, to be judged later. */
function toStateItem(item: Record<string, AttributeValue>): StateItem {
  const fields = unmarshall(item, { wrapNumbers: Number });
  return { key: String(fields[STATE_TABLE.sortKey]), fields };
}
