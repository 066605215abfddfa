import { DynamoJournal } from '../../lambdas/aws/dynamo/journal.ts';
import { dynaliteTable } from './dynalite-table.ts';
import { journalContract } from './journal.contract.ts';

const newFarm = dynaliteTable();

journalContract('DynamoDB (dynalite)', () => {
  const { client, table, farm } = newFarm();
  return Promise.resolve(new DynamoJournal(client, table, farm));
});
