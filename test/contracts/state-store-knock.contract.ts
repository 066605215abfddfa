import { describe, expect, it } from 'vitest';
import { mustAcquire } from './state-store-lease.contract.ts';
import type { StateStoreHarness } from './state-store-harness.ts';

const NOW = 1_790_000_000.5;

export function knockContract(makeHarness: () => Promise<StateStoreHarness>): void {
  const prepare = async () => {
    const { store } = await makeHarness();
    return { store, lease: await mustAcquire(store, 'tick-a', NOW) };
  };

  describe('a knock', () => {
    it('keeps the lease from being released once, and once only', async () => {
      const { store, lease } = await prepare();
      expect(await store.knock(lease)).toBe('heard');
      expect(await store.release(lease)).toBe('knocked');
      expect(await store.acquire('tick-b', NOW, 120)).toEqual({ heldBy: lease });
      expect(await store.release(lease)).toBe('released');
      await mustAcquire(store, 'tick-b', NOW);
    });

    it('is forgotten when the lease is given back all the same', async () => {
      const { store, lease } = await prepare();
      await store.knock(lease, 'tick-b');
      await store.abandon(lease);
      const next = await mustAcquire(store, 'tick-c', NOW);
      expect(next.fence).toBe(lease.fence + 1);
      expect(await store.release(next)).toBe('released');
    });

    it('is for that holder alone: who takes over owes nothing', async () => {
      const { store, lease } = await prepare();
      await store.knock(lease, 'tick-b');
      const taken = await mustAcquire(store, 'tick-c', lease.until);
      expect(await store.release(lease)).toBe('released');
      expect(await store.knock(lease, 'tick-d')).toBe('gone');
      expect(await store.acquire('tick-d', lease.until, 120)).toEqual({ heldBy: taken });
      expect(await store.knock(taken, 'tick-d')).toBe('first');
      await store.abandon(lease);
      expect(await store.release(taken)).toBe('knocked');
    });

    it('comes too late for a lease that was given back', async () => {
      const { store, lease } = await prepare();
      expect(await store.release(lease)).toBe('released');
      expect(await store.knock(lease)).toBe('gone');
      expect(await store.release(await mustAcquire(store, 'tick-b', NOW))).toBe('released');
    });

    it('outlives a renewal', async () => {
      const { store, lease } = await prepare();
      await store.knock(lease);
      expect(await store.release(await store.renew(lease, NOW + 10, 120))).toBe('knocked');
    });

    it('finds exactly one of 20 who would wait to be the first, and the same one when it asks again', async () => {
      const { store, lease } = await prepare();
      await store.knock(lease);
      const names = Array.from({ length: 20 }, (_, index) => `tick-${index}`);
      const knocks = await Promise.all(names.map((name) => store.knock(lease, name)));
      expect(knocks.toSorted()).toEqual(['first', ...Array<string>(19).fill('heard')]);
      const first = names[knocks.indexOf('first')];
      expect(await store.knock(lease)).toBe('heard');
      expect(await store.knock(lease, first)).toBe('first');
    });

    it('starts anew after the holder has answered it', async () => {
      const { store, lease } = await prepare();
      await store.knock(lease, 'tick-b');
      await store.release(lease);
      expect(await store.knock(lease, 'tick-c')).toBe('first');
      expect(await store.release(lease)).toBe('knocked');
    });
  });
}
