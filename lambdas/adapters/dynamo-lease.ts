/**
 * The lease as one DynamoDB item.
 *
 *     fence   1         1           2                       2         3
 *             |- a ----------|      |- b ----- … b dies     (release  |- c ---
 *             acquire   renew       acquire                  keeps    acquire
 *                      until ^      (run out)                fence)
 *
 * Releasing clears the holder but keeps the item, so that the fence never goes back. The first fence is taken from the
 * clock: if somebody deletes the item to force the lease open, the next fence is still above all that were written.
 */
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { EpochSeconds } from '../core/model.ts';
import { LeaseLostError, type Lease } from '../ports.ts';
import { LEASE_KEY, STATE_TABLE } from './state-table.ts';

const NAMES = { '#holder': 'holder', '#until': 'until', '#fence': 'fence' };

/** Only a holder that lets go between our attempt and our look makes another attempt necessary. */
const ATTEMPTS_MAX = 5;

const leaseSchema: z.ZodType<Lease> = z.object({ holder: z.string(), fence: z.int(), until: z.number() });

export class DynamoLease {
  readonly #client: DynamoDBClient;
  readonly #target: { readonly TableName: string; readonly Key: Record<string, AttributeValue> };

  constructor(client: DynamoDBClient, tableName: string, farm: string) {
    this.#client = client;
    this.#target = {
      TableName: tableName,
      Key: marshall({ [STATE_TABLE.partitionKey]: farm, [STATE_TABLE.sortKey]: LEASE_KEY }),
    };
  }

  /** As `StateStore.acquire`. @throws Error when the stored lease cannot be read. */
  async acquire(
    holder: string,
    now: EpochSeconds,
    seconds: number,
  ): Promise<{ readonly lease: Lease } | { readonly heldBy: Lease }> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const current = await this.#tryToTake(holder, now, seconds);
      // Also after a conflict: if the answer to our first try got lost, the SDK's second try conflicts with ourselves.
      if (current?.holder === holder) return { lease: current };
      if (current !== undefined) return { heldBy: current };
    }
    throw new Error(`the lease was let go but taken again by others, ${ATTEMPTS_MAX} times in a row`);
  }

  /** As `StateStore.renew`. Repeating it after a lost answer does no harm. */
  async renew(lease: Lease, now: EpochSeconds, seconds: number): Promise<Lease> {
    const until = now + seconds;
    if (!(await this.#updateIfOurs(lease, 'SET #until = :until', { ':until': until }))) {
      throw new LeaseLostError(`${lease.holder} no longer holds the lease with fence ${lease.fence}`);
    }
    return { ...lease, until };
  }

  /** As `StateStore.release`. */
  async release(lease: Lease): Promise<void> {
    await this.#updateIfOurs(lease, 'REMOVE #holder, #until', {});
  }

  /** The lease as it is after the attempt: ours, or another's; undefined when it has become free meanwhile. */
  async #tryToTake(holder: string, now: EpochSeconds, seconds: number): Promise<Lease | undefined> {
    const isFree = 'attribute_not_exists(#holder)';
    const hasRunOut = '#until <= :now';
    try {
      const taken = await this.#client.send(
        new UpdateItemCommand({
          ...this.#target,
          UpdateExpression:
            'SET #holder = :holder, #until = :until, #fence = if_not_exists(#fence, :start) + :one',
          ConditionExpression: `${isFree} OR ${hasRunOut}`,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: marshall({
            ':holder': holder,
            ':until': now + seconds,
            ':now': now,
            ':start': Math.floor(now),
            ':one': 1,
          }),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return readLease(taken.Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return readLease(error.Item ?? (await this.#read()));
    }
  }

  /** Not every engine hands out the item a condition failed on. */
  async #read(): Promise<Record<string, AttributeValue> | undefined> {
    const found = await this.#client.send(new GetItemCommand({ ...this.#target, ConsistentRead: true }));
    return found.Item;
  }

  async #updateIfOurs(lease: Lease, update: string, values: Record<string, unknown>): Promise<boolean> {
    const isOurHolder = '#holder = :holder';
    const isOurFence = '#fence = :fence';
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...this.#target,
          UpdateExpression: update,
          ConditionExpression: `${isOurHolder} AND ${isOurFence}`,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: marshall({ ...values, ':holder': lease.holder, ':fence': lease.fence }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function readLease(item: Record<string, AttributeValue> | undefined): Lease | undefined {
  if (item === undefined || !('holder' in item)) return undefined;
  const parsed = leaseSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new Error(
    `the stored lease cannot be read; when no tick is running, remove its attribute "holder" to free it. ${z.prettifyError(parsed.error)}`,
  );
}
