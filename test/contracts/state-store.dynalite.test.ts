import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoStateStore } from '../../lambdas/aws/dynamo/state-store.ts';
import { heardPartition, STATE_TABLE } from '../../lambdas/aws/dynamo/state-table.ts';
import { dynaliteTable } from './dynalite-table.ts';
import { stateStoreContract } from './state-store.contract.ts';

const newFarm = dynaliteTable();

stateStoreContract('DynamoDB (dynalite)', () => {
  const { client, table, farm } = newFarm();
  const get = async (key: string) => {
    const keys = { [STATE_TABLE.partitionKey]: heardPartition(farm), [STATE_TABLE.sortKey]: key };
    return (await client.send(new GetItemCommand({ TableName: table, Key: marshall(keys) }))).Item;
  };
  return Promise.resolve({
    heard: async (instanceId) => {
      const tick = await get('tick');
      const at = tick?.['at']?.N;
      const runnerKind = tick?.['runnerKind']?.S;
      const wanted = (await get(`machine#${instanceId}`)) !== undefined;
      return {
        ...(at !== undefined && { tickAt: Number(at) }),
        ...(runnerKind !== undefined && { runnerKind }),
        wanted,
      };
    },
    store: new DynamoStateStore(client, table, farm),
    plant: async (key, fields) => {
      const keys = { [STATE_TABLE.partitionKey]: farm, [STATE_TABLE.sortKey]: key };
      await client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...fields, ...keys }) }));
    },
  });
});
