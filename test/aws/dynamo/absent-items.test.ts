/** DynamoDB answers 200, but with less than there is: that is a failure to ask, and never an empty farm. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoJournal } from '../../../lambdas/aws/dynamo/journal.ts';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import { bareMachine } from '../../contracts/farm-records.ts';
import { startCannedDynamo } from './canned-dynamo.ts';

const NOW = 1_790_000_000;
const LEASE = { holder: 'tick-a', fence: 7, until: NOW + 100 };

const item = (sk: string, fields: object) => marshall({ pk: 'farm', sk, ...fields });
const lease = item('lease', LEASE);
const machine = (id: string) => item(`machine#${id}`, bareMachine(id));
const more = { LastEvaluatedKey: marshall({ pk: 'farm', sk: 'x' }) };

async function loaded(pages: readonly object[], held?: typeof LEASE): Promise<unknown> {
  const dynamo = await startCannedDynamo(pages);
  try {
    const { machines } = await new DynamoStateStore(dynamo.client, 'state', 'farm').load(NOW, held);
    return machines.map(({ instanceId }) => instanceId);
  } finally {
    await dynamo.close();
  }
}

describe('loading', () => {
  it('takes an answer without a list of items for no answer', async () => {
    await expect(loaded([{}])).rejects.toThrow(/without a list of items/);
    await expect(loaded([{}], LEASE)).rejects.toThrow(/without a list of items/);
  });

  it('goes on after an empty page that says there is more', async () => {
    const pages = [{ Items: [], ...more }, { Items: [lease], ...more }, { Items: [machine('i-1')] }];
    expect(await loaded(pages, LEASE)).toEqual(['i-1']);
  });

  it('fails as a whole when a page in the middle is lost', async () => {
    const pages = [{ Items: [lease, machine('i-1')], ...more }, { ...more }, { Items: [machine('i-2')] }];
    await expect(loaded(pages, LEASE)).rejects.toThrow(/without a list of items/);
  });

  it('misses the lease it was made under when the farm is said to be empty', async () => {
    expect(await loaded([{ Items: [] }])).toEqual([]);
    await expect(loaded([{ Items: [] }], LEASE)).rejects.toThrow(/shows no lease/);
    const old = item('lease', { ...LEASE, fence: 6 });
    await expect(loaded([{ Items: [old] }], LEASE)).rejects.toThrow(/the older fence 6/);
  });
});

it('never takes it for an empty journal either', async () => {
  const dynamo = await startCannedDynamo([{}]);
  const journal = new DynamoJournal(dynamo.client, 'state', 'farm');
  await expect(journal.newest()).rejects.toThrow(/without a list of items/);
  await expect(journal.entries(0, NOW).next()).rejects.toThrow(/without a list of items/);
  await dynamo.close();
});
