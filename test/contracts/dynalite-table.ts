/** The state table in dynalite, for the tests of one file. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import {
  createStateTable,
  localDynamoClient,
  startDynamo,
  type LocalDynamo,
} from '../../local/world/dynamo.ts';

/** Where a test keeps its farm. */
export interface FarmTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly farm: string;
}

const TABLE = 'state';

/** Each call gives a farm of its own in the one table; so all tests also show that farms never see each other. */
export function dynaliteTable(): () => FarmTable {
  let dynamo: LocalDynamo;
  let client: DynamoDBClient;
  let farms = 0;
  beforeAll(async () => {
    dynamo = await startDynamo();
    client = localDynamoClient(dynamo.endpoint);
    await createStateTable(client, TABLE);
  });
  afterAll(async () => {
    client.destroy();
    await dynamo.stop();
  });
  return () => {
    farms += 1;
    return { client, table: TABLE, farm: `farm-${farms}` };
  };
}
