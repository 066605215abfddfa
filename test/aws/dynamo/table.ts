/** One engine and table per test file; each test takes a farm of its own. */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import {
  createStateTable,
  localDynamoClient,
  startDynamo,
  type LocalDynamo,
} from '../../../local/world/dynamo.ts';
import { Wire } from './wire.ts';

const TABLE = 'state';

export interface FarmTable {
  readonly store: DynamoStateStore;
  /** The line of `store` alone. */
  readonly wire: Wire;
  /** The same farm over a line of its own, for whatever else is about. */
  readonly other: DynamoStateStore;
  /** Past the store, as a person at the console would. */
  get(key: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  put(key: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Call once per file, outside of any test. */
export function useFarmTables(): () => FarmTable {
  const clients: DynamoDBClient[] = [];
  let dynamo: LocalDynamo;
  let farms = 0;
  const connect = () => {
    const client = localDynamoClient(dynamo.endpoint);
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    dynamo = await startDynamo();
    await createStateTable(connect(), TABLE);
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await dynamo.stop();
  });
  return () => {
    farms += 1;
    return farmTable(`farm-${farms}`, connect(), connect());
  };
}

function farmTable(farm: string, watched: DynamoDBClient, client: DynamoDBClient): FarmTable {
  const keyOf = (key: string) => ({ pk: farm, sk: key });
  return {
    store: new DynamoStateStore(watched, TABLE, farm),
    wire: new Wire(watched),
    other: new DynamoStateStore(client, TABLE, farm),
    async get(key) {
      const found = await client.send(new GetItemCommand({ TableName: TABLE, Key: marshall(keyOf(key)) }));
      return found.Item === undefined ? undefined : unmarshall(found.Item);
    },
    async put(key, fields) {
      const Item = marshall({ ...fields, ...keyOf(key) });
      await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    },
    async remove(key) {
      await client.send(new DeleteItemCommand({ TableName: TABLE, Key: marshall(keyOf(key)) }));
    },
  };
}
