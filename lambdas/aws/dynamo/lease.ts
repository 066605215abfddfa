/**
 * The lease as one DynamoDB item.
 *
 *     fence   1         1           2                       2         3
 *             |- a ----------|      |- b ----- … b dies     (release  |- c ---
 *             acquire   renew       acquire                  keeps    acquire
 *                      until ^      (run out)                fence)
 *
 * A knock leaves two marks beside the holder: that it was made, and which tick waits. A new holder starts without them.
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
import type { EpochSeconds } from '../../core/model/index.ts';
import { LeaseLostError, type Knock, type Lease } from '../../ports.ts';
import { LEASE_KEY, STATE_TABLE } from './state-table.ts';

const ATTRIBUTES = ['holder', 'until', 'fence', 'knocked', 'waiter'];
const REMOVE_MARKS = 'REMOVE #knocked, #waiter';
const REMOVE_ALL = `${REMOVE_MARKS}, #holder, #until`;

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
    const renewed = await this.#updateIfOurs(lease, 'SET #until = :until', { values: { ':until': until } });
    if (renewed === 'not ours') {
      throw new LeaseLostError(`${lease.holder} no longer holds the lease with fence ${lease.fence}`);
    }
    return { ...lease, until };
  }

  /** As `StateStore.knock`. The waiter's name in the mark lets a second try after a lost answer find that it was first. */
  async knock(held: Lease, waiter?: string): Promise<Knock> {
    const waits = waiter === undefined ? '' : ', #waiter = if_not_exists(#waiter, :waiter)';
    const marked = await this.#updateIfOurs(held, `SET #knocked = :true${waits}`, {
      values: { ':true': true, ...(waiter !== undefined && { ':waiter': waiter }) },
    });
    if (marked === 'not ours') return 'gone';
    return waiter !== undefined && marked?.['waiter']?.S === waiter ? 'first' : 'heard';
  }

  /** As `StateStore.release`: one call when there was no knock. A second try after a lost answer comes to the same. */
  async release(lease: Lease): Promise<'released' | 'knocked'> {
    const released = await this.#updateIfOurs(lease, REMOVE_ALL, {
      andOnlyIf: 'attribute_not_exists(#knocked)',
    });
    if (released !== 'not ours') return 'released';
    return (await this.#updateIfOurs(lease, REMOVE_MARKS)) === 'not ours' ? 'released' : 'knocked';
  }

  /** As `StateStore.abandon`. */
  async abandon(lease: Lease): Promise<void> {
    await this.#updateIfOurs(lease, REMOVE_ALL);
  }

  /** The lease as it is after the attempt: ours, or another's; undefined when it has become free meanwhile. */
  async #tryToTake(holder: string, now: EpochSeconds, seconds: number): Promise<Lease | undefined> {
    const isFree = 'attribute_not_exists(#holder)';
    const hasRunOut = '#until <= :now';
    const take = 'SET #holder = :holder, #until = :until, #fence = if_not_exists(#fence, :start) + :one';
    try {
      const taken = await this.#client.send(
        new UpdateItemCommand({
          ...this.#target,
          UpdateExpression: `${take} ${REMOVE_MARKS}`,
          ConditionExpression: `${isFree} OR ${hasRunOut}`,
          ExpressionAttributeNames: namesIn(take, REMOVE_MARKS),
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

  /** The lease's item after the update. */
  async #updateIfOurs(
    lease: Lease,
    update: string,
    { values = {}, andOnlyIf }: { readonly values?: object; readonly andOnlyIf?: string } = {},
  ): Promise<Record<string, AttributeValue> | undefined | 'not ours'> {
    const isOurHolder = '#holder = :holder';
    const isOurFence = '#fence = :fence';
    const condition = [isOurHolder, isOurFence, ...(andOnlyIf === undefined ? [] : [andOnlyIf])].join(
      ' AND ',
    );
    try {
      const updated = await this.#client.send(
        new UpdateItemCommand({
          ...this.#target,
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeNames: namesIn(update, condition),
          ExpressionAttributeValues: marshall({ ...values, ':holder': lease.holder, ':fence': lease.fence }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return updated.Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'not ours';
      throw error;
    }
  }
}

/** Placeholders for the attributes these expressions speak of: DynamoDB refuses those that none uses. */
function namesIn(...expressions: readonly string[]): Record<string, string> {
  const used = ATTRIBUTES.filter((name) => expressions.some((expression) => expression.includes(`#${name}`)));
  return Object.fromEntries(used.map((name) => [`#${name}`, name]));
}

function readLease(item: Record<string, AttributeValue> | undefined): Lease | undefined {
  if (item === undefined || !('holder' in item)) return undefined;
  const parsed = leaseSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new Error(
    `the stored lease cannot be read; when no tick is running, remove its attribute "holder" to free it. ${z.prettifyError(parsed.error)}`,
  );
}
