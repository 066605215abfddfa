import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoJournal } from '../../../lambdas/aws/dynamo/journal.ts';
import type { JournalItem } from '../../../lambdas/reporting.ts';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import type { JournalEntry } from '../../../lambdas/core/model/index.ts';
import {
  createStateTable,
  localDynamoClient,
  startDynamo,
  type LocalDynamo,
} from '../../../local/world/dynamo.ts';

const TABLE = 'state';
const NOW = 1_790_000_000;

let dynamo: LocalDynamo;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamo = await startDynamo();
  client = localDynamoClient(dynamo.endpoint);
  await createStateTable(client, TABLE);
});

afterAll(async () => {
  client.destroy();
  await dynamo.stop();
});

const said = (id: string, at: number): JournalEntry => ({
  kind: 'request',
  id,
  at,
  request: 'pause',
  body: { everything: true },
  by: 'Zoë',
  message: 'everything is paused',
});

async function entriesOf(journal: DynamoJournal, from: number, to: number): Promise<JournalItem[]> {
  const items: JournalItem[] = [];
  for await (const item of journal.entries(from, to)) items.push(item);
  return items;
}

describe('the journal in DynamoDB', () => {
  it('tells when its newest entry began', async () => {
    const journal = new DynamoJournal(client, TABLE, 'farm-a');
    expect(await journal.newest()).toBeUndefined();
    for (const at of [NOW + 60, NOW, NOW + 120.5]) await journal.append(said(`r-${at}`, at));
    await new DynamoJournal(client, TABLE, 'farm-b').append(said('r', NOW + 1000));
    expect(await journal.newest()).toBe(NOW + 120.5);
  });

  it('is not empty where the answer has no list', async () => {
    const deaf = localDynamoClient(dynamo.endpoint);
    deaf.middlewareStack.add(() => () => Promise.resolve({ output: { $metadata: {} }, response: {} }), {
      step: 'deserialize',
      priority: 'high',
    });
    const journal = new DynamoJournal(deaf, TABLE, 'farm-a');
    await expect(journal.newest()).rejects.toThrow('without a list');
    await expect(entriesOf(journal, NOW, NOW + 1)).rejects.toThrow('without a list');
    deaf.destroy();
  });

  it('is never read by a tick', async () => {
    await new DynamoJournal(client, TABLE, 'farm-c').append(said('r', NOW));
    const state = await new DynamoStateStore(client, TABLE, 'farm-c').load(NOW);
    expect(state).toMatchObject({ isBlank: true, farm: { backOffs: [] } });
  });

  it('tells of an item that is no entry, and goes on', async () => {
    const journal = new DynamoJournal(client, TABLE, 'farm-d');
    await journal.append(said('r-1', NOW + 1));
    const sk = `${new Date(NOW * 1000).toISOString()}#broken`;
    await client.send(new PutItemCommand({ TableName: TABLE, Item: marshall({ pk: 'farm-d#journal', sk }) }));
    const items = await entriesOf(journal, NOW, NOW + 10);
    expect(items).toEqual([
      { key: sk, problem: expect.stringContaining('no packed entry') as unknown },
      { entry: said('r-1', NOW + 1) },
    ]);
  });

  it('never makes a tick fail: what cannot be written is told', async () => {
    const failures: unknown[] = [];
    const nowhere = new DynamoJournal(client, 'no-such-table', 'farm', (error) => failures.push(error));
    await nowhere.append(said('r', NOW));
    expect(String(failures)).toContain('ResourceNotFoundException');
  });
});
