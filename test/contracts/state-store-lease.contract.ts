import { describe, expect, it } from 'vitest';
import { LeaseLostError, type Lease, type StateStore } from '../../lambdas/ports.ts';
import { bareMachine, changes, EMPTY_STATE } from './farm-records.ts';
import type { StateStoreHarness } from './state-store-harness.ts';

const NOW = 1_790_000_000.5;
const LEASE_SECONDS = 120;

export async function mustAcquire(store: StateStore, holder: string, now: number): Promise<Lease> {
  const outcome = await store.acquire(holder, now, LEASE_SECONDS);
  if ('heldBy' in outcome) throw new Error(`${outcome.heldBy.holder} holds the lease`);
  return outcome.lease;
}

export function leaseContract(makeHarness: () => Promise<StateStoreHarness>): void {
  describe('lease', () => {
    it('is given to the first who asks, until the time asked for', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      expect(lease).toEqual({ holder: 'tick-a', fence: expect.any(Number), until: NOW + LEASE_SECONDS });
    });

    it('is refused while somebody holds it, naming who', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      expect(await store.acquire('tick-b', lease.until - 0.001, LEASE_SECONDS)).toEqual({ heldBy: lease });
    });

    it('can be taken over from the moment it has run out, with the next fence', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      const taken = await mustAcquire(store, 'tick-b', old.until);
      expect(taken).toEqual({ holder: 'tick-b', fence: old.fence + 1, until: old.until + LEASE_SECONDS });
    });

    it('has exactly one winner among 20 who ask at once', async () => {
      const { store } = await makeHarness();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.acquire(`tick-${index}`, NOW, LEASE_SECONDS)),
      );
      const won = outcomes.flatMap((outcome) => ('lease' in outcome ? [outcome.lease] : []));
      const refused = outcomes.flatMap((outcome) => ('heldBy' in outcome ? [outcome.heldBy] : []));
      expect(won).toHaveLength(1);
      expect(refused).toEqual(Array.from({ length: 19 }, () => won[0]));
    });

    it('is given again to the very holder it already bears: the first answer got lost', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      expect(await store.acquire('tick-a', NOW, LEASE_SECONDS)).toEqual({ lease });
    });

    it('is not given to another invocation of the same request: Lambda delivers an event twice', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'request-1#a', NOW);
      expect(await store.acquire('request-1#b', NOW + 1, LEASE_SECONDS)).toEqual({ heldBy: lease });
    });

    it('is prolonged by renewing, with the same fence', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      const renewed = await store.renew(lease, NOW + 100, LEASE_SECONDS);
      expect(renewed).toEqual({ ...lease, until: NOW + 220 });
      expect(await store.acquire('tick-b', lease.until, LEASE_SECONDS)).toEqual({ heldBy: renewed });
    });

    it('can be renewed although it has run out, as long as nobody took over', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      const renewed = await store.renew(lease, lease.until + 10, LEASE_SECONDS);
      expect(renewed.until).toBe(lease.until + 10 + LEASE_SECONDS);
    });

    it('cannot be renewed after a take-over, and the new holder keeps it', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      const taken = await mustAcquire(store, 'tick-b', old.until);
      await expect(store.renew(old, old.until + 1, LEASE_SECONDS)).rejects.toThrow(LeaseLostError);
      expect(await store.acquire('tick-c', old.until + 1, LEASE_SECONDS)).toEqual({ heldBy: taken });
    });

    it('cannot be renewed with an older fence, not even by the same name', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      await mustAcquire(store, 'tick-a', old.until);
      await expect(store.renew(old, old.until + 1, LEASE_SECONDS)).rejects.toThrow(LeaseLostError);
    });

    it('is free at once after a release, and its fence still rises', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      await store.release(old);
      const next = await mustAcquire(store, 'tick-b', NOW);
      expect(next.fence).toBe(old.fence + 1);
      await expect(store.renew(old, NOW, LEASE_SECONDS)).rejects.toThrow(LeaseLostError);
    });

    it('is not released by one who no longer holds it', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      const taken = await mustAcquire(store, 'tick-b', old.until);
      await store.release(old);
      await store.release(old);
      expect(await store.acquire('tick-c', old.until, LEASE_SECONDS)).toEqual({ heldBy: taken });
    });

    it('leaves no trace in what is remembered', async () => {
      const { store } = await makeHarness();
      await mustAcquire(store, 'tick-a', NOW);
      expect(await store.load(NOW)).toStrictEqual(EMPTY_STATE);
    });
  });

  describe('a load under a lease', () => {
    it('is given to who holds it, and to who held it before', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      expect(await store.load(NOW, old)).toStrictEqual(EMPTY_STATE);
      await mustAcquire(store, 'tick-b', old.until);
      expect(await store.load(NOW, old)).toStrictEqual(EMPTY_STATE);
    });

    it('that does not show the lease, or an older one, is an error and not an empty farm', async () => {
      const { store } = await makeHarness();
      const lease = { holder: 'tick-a', fence: 7, until: NOW + LEASE_SECONDS };
      await expect(store.load(NOW, lease)).rejects.toThrow(/shows no lease although tick-a/);
      const taken = await mustAcquire(store, 'tick-b', NOW);
      await store.save(taken, changes({ machines: [bareMachine('i-1')] }));
      const later = { ...lease, fence: taken.fence + 1 };
      await expect(store.load(NOW, later)).rejects.toThrow(`the older fence ${taken.fence}`);
      expect((await store.load(NOW)).machines).toHaveLength(1);
    });
  });

  describe('fence', () => {
    it('refuses every write of a holder that was overtaken, and nothing newer is overwritten', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      await store.save(
        old,
        changes({ farm: { backOffs: [], lastTickAt: 1 }, machines: [bareMachine('i-1')] }),
      );
      const taken = await mustAcquire(store, 'tick-b', old.until);
      const newer = changes({
        farm: { backOffs: [], lastTickAt: 2 },
        machines: [bareMachine('i-1', 'newer')],
        launches: [{ id: 'l-1', type: 't', count: 1, pools: [], requestedAt: 2 }],
      });
      await store.save(taken, newer);
      const before = await store.load(NOW);

      const stale = [
        changes({ farm: { backOffs: [], lastTickAt: 3 } }),
        changes({ machines: [bareMachine('i-1', 'stale')] }),
        changes({ launches: [{ id: 'l-1', type: 't', count: 9, pools: [], requestedAt: 3 }] }),
        changes({ closedMachines: ['i-1'] }),
        changes({ closedLaunches: ['l-1'] }),
      ];
      for (const change of stale) {
        await expect(store.save(old, change)).rejects.toThrow(LeaseLostError);
      }
      expect(await store.load(NOW)).toStrictEqual(before);
    });

    it('lets a later holder overwrite and close what an earlier one wrote', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      await store.save(old, changes({ machines: [bareMachine('i-1'), bareMachine('i-2')] }));
      const taken = await mustAcquire(store, 'tick-b', old.until);
      await store.save(taken, changes({ machines: [bareMachine('i-1', 'newer')], closedMachines: ['i-2'] }));
      const { machines } = await store.load(NOW);
      expect(machines).toStrictEqual([bareMachine('i-1', 'newer')]);
    });

    it('lets a holder write the same record again and again', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      await store.save(lease, changes({ machines: [bareMachine('i-1', 'first')] }));
      await store.save(lease, changes({ machines: [bareMachine('i-1', 'second')] }));
      expect((await store.load(NOW)).machines).toStrictEqual([bareMachine('i-1', 'second')]);
    });

    it('closes nothing once the lease is known to be lost', async () => {
      const { store } = await makeHarness();
      const old = await mustAcquire(store, 'tick-a', NOW);
      await store.save(old, changes({ machines: [bareMachine('i-1'), bareMachine('i-2')] }));
      const taken = await mustAcquire(store, 'tick-b', old.until);
      await store.save(taken, changes({ machines: [bareMachine('i-1', 'newer')] }));
      const stale = changes({ machines: [bareMachine('i-1', 'stale')], closedMachines: ['i-2'] });
      await expect(store.save(old, stale)).rejects.toThrow(LeaseLostError);
      expect((await store.load(NOW)).machines).toStrictEqual([
        bareMachine('i-1', 'newer'),
        bareMachine('i-2'),
      ]);
    });
  });
}
