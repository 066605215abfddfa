import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import { WRITES_AT_ONCE_MAX } from '../../../lambdas/aws/dynamo/state-writes.ts';
import { LeaseLostError, UnsavedError } from '../../../lambdas/ports.ts';
import { localDynamoClient, startDynamo } from '../../../local/world/dynamo.ts';
import {
  bareMachine,
  BARE_LAUNCH,
  changes,
  WHOLE_FARM,
  WHOLE_MACHINE,
} from '../../contracts/farm-records.ts';
import { mustAcquire } from '../../contracts/state-store-lease.contract.ts';
import { useFarmTables } from './table.ts';
import type { Attempt } from './wire.ts';

const NOW = 1_790_000_000;

const newFarm = useFarmTables();

const machines = (count: number) => Array.from({ length: count }, (_, index) => bareMachine(`i-${index}`));

function isAbout({ input }: Attempt, key: string): boolean {
  return JSON.stringify(input).includes(JSON.stringify({ S: key }));
}

describe('saving', () => {
  it('survives lost answers', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    wire.loseNextAnswerTo('PutItem');
    await store.save(lease, changes({ machines: machines(2) }));
    wire.loseNextAnswerTo('DeleteItem');
    await store.save(lease, changes({ closedMachines: ['i-0'] }));
    expect((await store.load(NOW)).machines).toEqual([bareMachine('i-1')]);
    // Two items per machine, its record and what it reads itself, and one attempt more.
    expect([wire.count('PutItem'), wire.count('DeleteItem')]).toEqual([5, 3]);
  });

  it('keeps a bounded number of writes under way', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.save(lease, changes({ machines: machines(200) }));
    expect(wire.count('PutItem')).toBe(400);
    expect(wire.underWayMax).toBe(WRITES_AT_ONCE_MAX);
  });

  it('closes nothing before everything is written', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    let written = 0;
    const writtenWhenClosing: number[] = [];
    wire.before = ({ command }) => void (command === 'DeleteItem' && writtenWhenClosing.push(written / 2));
    wire.after = ({ command }) => void (command === 'PutItem' && written++);
    await store.save(
      lease,
      changes({ machines: machines(60), closedLaunches: ['l-1'], closedMachines: ['i-9'] }),
    );
    expect(writtenWhenClosing).toEqual([60, 60, 60]);
  });

  it('begins nothing more once overtaken, and has nothing under way when it says so', async () => {
    const { store, wire, other } = newFarm();
    const old = await mustAcquire(store, 'tick-a', NOW);
    const taken = await mustAcquire(other, 'tick-b', old.until);
    await other.save(taken, changes({ machines: [bareMachine('i-0', 'newer')] }));
    const save = store.save(old, changes({ machines: machines(400), closedLaunches: [BARE_LAUNCH.id] }));
    await expect(save).rejects.toThrow(LeaseLostError);
    const sent = wire.attempts.length;
    expect(wire.underWay).toBe(0);
    expect(sent).toBeLessThan(400);
    await other.load(NOW);
    expect(wire.attempts).toHaveLength(sent);
    expect(wire.count('DeleteItem')).toBe(0);
  });

  it('keeps no record whose machine could not be told, so that both are tried again', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    wire.before = (attempt) => {
      if (/#heard/.test(JSON.stringify(attempt.input)) && isAbout(attempt, 'machine#i-1'))
        throw new Error('no such luck');
    };
    const save = store.save(lease, changes({ machines: machines(3) }));
    await expect(save).rejects.toMatchObject({ unsaved: ['i-1'] });
    expect((await store.load(NOW)).machines).toEqual([bareMachine('i-0'), bareMachine('i-2')]);
  });

  it('does not take an engine that refuses one record for a lost lease', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    const refusal = Object.assign(new Error('no such luck'), { name: 'AccessDeniedException' });
    wire.before = (attempt) => {
      if (isAbout(attempt, 'machine#i-1') || isAbout(attempt, 'launch#l-9')) throw refusal;
    };
    const save = store.save(
      lease,
      changes({ machines: machines(3), closedLaunches: ['l-9'], farm: WHOLE_FARM }),
    );
    const error: unknown = await save.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsavedError);
    expect(error).toMatchObject({
      message: '2 of 5 records were not saved: i-1: no such luck | l-9: no such luck',
      unsaved: ['i-1', 'l-9'],
      cause: refusal,
    });
    expect((await store.load(NOW)).machines).toEqual([bareMachine('i-0'), bareMachine('i-2')]);
  });
});

describe('loading', () => {
  it('reads every page, consistently', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    const large = machines(8).map((machine) => ({ ...machine, reason: 'x'.repeat(300_000) }));
    await store.save(lease, changes({ machines: large }));
    expect((await store.load(NOW)).machines).toEqual(large);
    const reads = wire.attempts.filter(({ command }) => command === 'Query');
    expect(reads.length).toBeGreaterThan(2);
    for (const { input } of reads) expect(input).toMatchObject({ ConsistentRead: true });
  });

  it('never takes a failure to ask for an empty table', async () => {
    const dynamo = await startDynamo();
    const client = localDynamoClient(dynamo.endpoint);
    const store = new DynamoStateStore(client, 'no-such-table', 'farm');
    await expect(store.load(NOW)).rejects.toThrow(ResourceNotFoundException);
    await expect(store.acquire('tick-a', NOW, 120)).rejects.toThrow(ResourceNotFoundException);
    client.destroy();
    await dynamo.stop();
  });

  it('keeps numbers that only a person can have written from spoiling the rest', async () => {
    const { store, put } = newFarm();
    await put('machine#i-1', { ...bareMachine('i-1'), phaseSince: 2n ** 100n });
    expect((await store.load(NOW)).unreadable).toMatchObject([{ instanceId: 'i-1' }]);
  });
});

describe('the stored items', () => {
  it('bear the fence of who wrote them, beside the record’s own fields', async () => {
    const { store, get } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.save(lease, changes({ machines: [WHOLE_MACHINE] }));
    const key = `machine#${WHOLE_MACHINE.instanceId}`;
    expect(await get(key)).toEqual({
      ...WHOLE_MACHINE,
      pk: expect.any(String),
      sk: key,
      fence: lease.fence,
    });
  });

  it('of floors alone expire by themselves, not before their time, in whole seconds', async () => {
    const { store, get } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.putFloor({ type: 't', count: 1, until: NOW + 0.25 });
    await store.save(lease, changes({ machines: machines(1), launches: [BARE_LAUNCH], farm: WHOLE_FARM }));
    expect(await get('floor#t')).toMatchObject({ expires: NOW + 1 });
    for (const key of ['lease', 'farm', 'machine#i-0', `launch#${BARE_LAUNCH.id}`]) {
      expect(await get(key)).not.toHaveProperty('expires');
    }
  });
});

describe('the local engine', () => {
  it('refuses a port that is taken', async () => {
    const dynamo = await startDynamo();
    await expect(startDynamo(Number(new URL(dynamo.endpoint).port))).rejects.toThrow(/EADDRINUSE/);
    await dynamo.stop();
  });

  it('stops although clients are still connected', async () => {
    const dynamo = await startDynamo();
    const client = localDynamoClient(dynamo.endpoint);
    await expect(new DynamoStateStore(client, 'none', 'farm').load(NOW)).rejects.toThrow();
    await dynamo.stop();
    client.destroy();
  });
});
