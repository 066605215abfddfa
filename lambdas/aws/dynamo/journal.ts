/** The journal in the state table, in a partition of its own: a tick's load never sees it. One PutItem per entry. */
import { PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { messageOf } from '../../core/text/message-of.ts';
import type { EpochSeconds, JournalEntry } from '../../core/model/index.ts';
import type { Journal, JournalItem } from '../../reporting.ts';
import { packEntry, unpackEntry } from './journal-codec.ts';
import { queryItems } from './query.ts';
import { journalPartition, STATE_TABLE } from './state-table.ts';

/** How long an entry is kept, in seconds. */
const KEPT_SECONDS = 30 * 24 * 3600;

/** @param failed told when an entry could not be kept; the tick goes on without it. */
export class DynamoJournal implements Journal {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #farm: string;
  readonly #failed: (error: unknown) => void;

  constructor(
    client: DynamoDBClient,
    tableName: string,
    farm: string,
    failed: (error: unknown) => void = () => undefined,
  ) {
    this.#client = client;
    this.#tableName = tableName;
    this.#farm = farm;
    this.#failed = failed;
  }

  async append(entry: JournalEntry): Promise<void> {
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item: this.#item(entry) }));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Besides the packed entry, what people want to see of it in the DynamoDB console. */
  #item(entry: JournalEntry): Record<string, AttributeValue> {
    return marshall({
      [STATE_TABLE.partitionKey]: journalPartition(this.#farm),
      // A request and the tick that follows it share invocation and instant; the request sorts first.
      [STATE_TABLE.sortKey]: `${timeKey(entry.at)}#${entry.kind}#${entry.id}`,
      [STATE_TABLE.timeToLive]: Math.ceil(entry.at + KEPT_SECONDS),
      kind: entry.kind,
      message: entry.message.slice(0, 1000),
      entry: packEntry(entry),
    });
  }

  /** When the newest entry began; undefined while there is none. @throws when the table cannot be read. */
  async newest(): Promise<EpochSeconds | undefined> {
    const newestFirst = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: '#partition = :journal',
      ExpressionAttributeNames: { '#partition': STATE_TABLE.partitionKey },
      ExpressionAttributeValues: marshall({ ':journal': journalPartition(this.#farm) }),
      ScanIndexForward: false,
      Limit: 1,
    });
    for await (const { [STATE_TABLE.sortKey]: key } of newestFirst)
      return Date.parse(String(key?.S).split('#', 1).join()) / 1000;
    return undefined;
  }

  async *entries(from: EpochSeconds, to: EpochSeconds): AsyncGenerator<JournalItem> {
    const entries = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: '#partition = :journal AND #time BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#partition': STATE_TABLE.partitionKey, '#time': STATE_TABLE.sortKey },
      ExpressionAttributeValues: marshall({
        ':journal': journalPartition(this.#farm),
        ':from': timeKey(from),
        ':to': timeKey(to),
      }),
    });
    for await (const item of entries) yield readItem(item);
  }
}

/** Sorts as time does. */
const timeKey = (at: EpochSeconds): string => new Date(at * 1000).toISOString();

function readItem(item: Record<string, AttributeValue>): JournalItem {
  const fields = unmarshall(item);
  const packed: unknown = fields['entry'];
  try {
    if (!(packed instanceof Uint8Array)) throw new Error('it has no packed entry');
    return { entry: unpackEntry(packed) };
  } catch (error) {
    const problem = messageOf(error);
    return { key: String(fields[STATE_TABLE.sortKey]), problem };
  }
}
