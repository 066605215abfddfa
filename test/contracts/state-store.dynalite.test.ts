import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { DynamoStateStore } from '../../lambdas/adapters/dynamo-state-store.ts';
import { STATE_TABLE } from '../../lambdas/adapters/state-table.ts';
import { createStateTable, localDynamoClient, startDynamo, type LocalDynamo } from '../../local/dynamo.ts';
import { stateStoreContract } from './state-store.contract.ts';

const TABLE = 'state';

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

/** Each test has a farm of its own in the one table; so all of them also show that farms never see each other. */
stateStoreContract('DynamoDB (dynalite)', () => {
  farms += 1;
  const farm = `farm-${farms}`;
  return Promise.resolve({
    store: new DynamoStateStore(client, TABLE, farm),
    plant: async (key, fields) => {
      const keys = { [STATE_TABLE.partitionKey]: farm, [STATE_TABLE.sortKey]: key };
      await client.send(new PutItemCommand({ TableName: TABLE, Item: marshall({ ...fields, ...keys }) }));
    },
  });
});
