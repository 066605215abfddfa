import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { LeaseLostError } from '../../../lambdas/ports.ts';
import { bareMachine, changes } from '../../contracts/farm-records.ts';
import { mustAcquire } from '../../contracts/state-store-lease.contract.ts';
import { useFarmTables } from './table.ts';

const NOW = 1_790_000_000.5;

const newFarm = useFarmTables();

describe('an answer that gets lost', () => {
  it('does not make a tick refuse the lease it has just taken', async () => {
    const { store, wire, other } = newFarm();
    wire.loseNextAnswerTo('UpdateItem');
    const lease = await mustAcquire(store, 'tick-a', NOW);
    expect(lease).toEqual({ holder: 'tick-a', fence: expect.any(Number), until: NOW + 120 });
    expect(wire.count('UpdateItem')).toBe(2);
    expect(await other.acquire('tick-b', NOW, 120)).toEqual({ heldBy: lease });
  });

  it('does not make a renewed lease look lost', async () => {
    const { store, wire } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    wire.loseNextAnswerTo('UpdateItem');
    expect(await store.renew(lease, NOW + 60, 120)).toEqual({ ...lease, until: NOW + 180 });
  });

  it('does not make a release fail', async () => {
    const { store, wire, other } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    wire.loseNextAnswerTo('UpdateItem');
    expect(await store.release(lease)).toBe('released');
    expect((await mustAcquire(other, 'tick-b', NOW)).fence).toBe(lease.fence + 1);
  });

  it('does not make who knocked first think that somebody else did', async () => {
    const { store, wire, other } = newFarm();
    const lease = await mustAcquire(other, 'tick-a', NOW);
    wire.loseNextAnswerTo('UpdateItem');
    expect(await store.knock(lease, 'tick-b')).toBe('first');
  });

  it('does not make a tick let go of a knock', async () => {
    const { store, wire, other } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await other.knock(lease);
    wire.loseNextAnswerTo('UpdateItem');
    expect(await store.release(lease)).toBe('knocked');
    expect(await other.acquire('tick-b', NOW, 120)).toEqual({ heldBy: lease });
  });
});

describe('a lease that is held', () => {
  it('is taken from the refusal itself where the engine hands it out', async () => {
    const { store, wire, other, get } = newFarm();
    const held = await mustAcquire(other, 'tick-b', NOW);
    const item = marshall((await get('lease')) ?? {});
    wire.refused = (_attempt, error) => {
      if (error instanceof ConditionalCheckFailedException) error.Item = item;
      return error;
    };
    expect(await store.acquire('tick-a', NOW, 120)).toEqual({ heldBy: held });
    expect(wire.count('GetItem')).toBe(0);
  });

  it('is taken after all when it is let go just as we look who holds it', async () => {
    const { store, wire, other } = newFarm();
    const held = await mustAcquire(other, 'tick-b', NOW);
    wire.before = async ({ command }) => {
      if (command === 'GetItem') await other.release(held);
    };
    expect((await mustAcquire(store, 'tick-a', NOW)).fence).toBe(held.fence + 1);
  });

  it('is given up, with an error, when others are always faster', async () => {
    const { store, wire, other } = newFarm();
    let held = await mustAcquire(other, 'tick-b', NOW);
    wire.before = async ({ command }) => {
      if (command === 'GetItem') await other.release(held);
      else held = await mustAcquire(other, 'tick-b', NOW);
    };
    await expect(store.acquire('tick-a', NOW, 120)).rejects.toThrow(/5 times/);
  });

  it('is read consistently', async () => {
    const { store, wire, other } = newFarm();
    await mustAcquire(other, 'tick-b', NOW);
    await store.acquire('tick-a', NOW, 120);
    const reads = wire.attempts.filter(({ command }) => command === 'GetItem');
    expect(reads.map(({ input }) => input)).toEqual([expect.objectContaining({ ConsistentRead: true })]);
  });
});

describe('the stored lease', () => {
  it('keeps its fence and nothing else when released, by one call', async () => {
    const { store, wire, get } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.release(lease);
    expect(await get('lease')).toEqual({ pk: expect.any(String), sk: 'lease', fence: lease.fence });
    expect(wire.count('UpdateItem')).toBe(2);
  });

  it('keeps nothing else either when it is given back with a knock unanswered', async () => {
    const { store, get } = newFarm();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.knock(lease, 'tick-b');
    await store.abandon(lease);
    expect(await get('lease')).toEqual({ pk: expect.any(String), sk: 'lease', fence: lease.fence });
  });

  it('may be deleted to force it open: later holders still overrule earlier ones', async () => {
    const { store, other, remove } = newFarm();
    const old = await mustAcquire(store, 'tick-a', NOW);
    await store.save(old, changes({ machines: [bareMachine('i-1')] }));
    await remove('lease');
    const taken = await mustAcquire(other, 'tick-b', NOW + 5);
    await other.save(taken, changes({ machines: [bareMachine('i-1', 'newer')] }));
    await expect(store.save(old, changes({ closedMachines: ['i-1'] }))).rejects.toThrow(LeaseLostError);
    expect((await other.load(NOW)).machines).toEqual([bareMachine('i-1', 'newer')]);
  });

  it('says what to do when it cannot be read', async () => {
    const { store, put } = newFarm();
    await put('lease', { holder: 'tick-b', fence: 'seven', until: NOW + 60 });
    await expect(store.acquire('tick-a', NOW, 120)).rejects.toThrow(
      /remove its attribute "holder".*\n.*fence/,
    );
  });
});
