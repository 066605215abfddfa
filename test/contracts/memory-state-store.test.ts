import { describe, expect, it } from 'vitest';
import { MemoryStateStore, type StoreCall } from '../../local/world/ports/memory-state-store.ts';
import { bareMachine, BARE_LAUNCH, changes } from './farm-records.ts';
import { mustAcquire } from './state-store-lease.contract.ts';

const NOW = 1_790_000_000;

describe('the state store in memory, when told to fail', () => {
  it('is asked before every call and every single record', async () => {
    const asked: (StoreCall | undefined | string)[][] = [];
    const store = new MemoryStateStore((...call) => void asked.push(call));
    const lease = await mustAcquire(store, 'tick-a', NOW);
    await store.renew(lease, NOW, 120);
    await store.save(lease, changes({ machines: [bareMachine('i-1')], closedLaunches: [BARE_LAUNCH.id] }));
    await store.load(NOW);
    await store.putFloor({ type: 't', count: 1, until: NOW + 1 });
    await store.removeFloor('t');
    await store.putOrder({ kind: 'pause', at: NOW });
    await store.removeOrder({ instanceId: 'i-1' });
    await store.knock(lease, 'tick-b');
    await store.release(lease);
    await store.abandon(lease);
    expect(asked).toEqual([
      ['acquire', 'tick-a'],
      ['renew', 'tick-a'],
      ['save', 'tick-a'],
      ['write', 'i-1'],
      ['close', BARE_LAUNCH.id],
      ['load'],
      ['putFloor', 't'],
      ['removeFloor', 't'],
      ['putOrder', 'order#everything'],
      ['removeOrder', 'order#machine#i-1'],
      ['knock', 'tick-a'],
      ['release', 'tick-a'],
      ['abandon', 'tick-a'],
    ]);
  });

  it('throws what it is told and changes nothing', async () => {
    const store = new MemoryStateStore();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    store.before = () => Promise.reject(new Error('power cut'));
    await expect(store.save(lease, changes({ machines: [bareMachine('i-1')] }))).rejects.toThrow('power cut');
    await expect(store.load(NOW)).rejects.toThrow('power cut');
    store.before = () => undefined;
    expect((await store.load(NOW)).machines).toEqual([]);
  });

  it('can fail in the middle of a save', async () => {
    const store = new MemoryStateStore();
    const lease = await mustAcquire(store, 'tick-a', NOW);
    store.before = (call, id) => {
      if (call === 'write' && id === 'i-1') throw new Error('no such luck');
    };
    const save = store.save(lease, changes({ machines: [bareMachine('i-0'), bareMachine('i-1')] }));
    await expect(save).rejects.toMatchObject({ name: 'UnsavedError', unsaved: ['i-1'] });
    expect((await store.load(NOW)).machines).toEqual([bareMachine('i-0')]);
  });
});
