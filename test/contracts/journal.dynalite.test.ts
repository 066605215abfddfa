import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { DynamoJournal } from '../../lambdas/adapters/dynamo-journal.ts';
import { createStateTable, localDynamoClient, startDynamo, type LocalDynamo } from '../../local/dynamo.ts';
import { journalContract } from './journal.contract.ts';

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
journalContract('DynamoDB (dynalite)', () => {
  farms += 1;
  return Promise.resolve(new DynamoJournal(client, TABLE, `farm-${farms}`));
});
