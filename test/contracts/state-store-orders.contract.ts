import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../lambdas/core/reason/orders.ts';
import type { Order } from '../../lambdas/core/model/index.ts';
import { BLANK_STATE } from './farm-records.ts';
import type { StateStoreHarness } from './state-store-harness.ts';

const NOW = 1_790_000_000;
const drain: Order = { kind: 'drain', instanceId: 'i-1', at: NOW };
const protect: Order = { kind: 'protect', instanceId: 'i-1', at: NOW, until: NOW + 60.5, by: 'Zoë' };
const pauseType: Order = { kind: 'pause', type: 'x86_64-linux:big-parallel', at: NOW };
const pauseAll: Order = { kind: 'pause', at: NOW, until: NOW + 60 };

const given = { at: fc.nat(), until: fc.integer({ min: 1, max: 4e9 }), by: fc.string() };
const orders = (made: readonly object[]): Order[] => made as Order[];
const arbitraryOrders = fc
  .tuple(
    fc.record(
      { ...given, kind: fc.constantFrom('drain', 'protect'), instanceId: fc.constantFrom('i-1', 'i-2') },
      { requiredKeys: ['kind', 'at', 'instanceId'], noNullPrototype: true },
    ),
    fc.record(
      { ...given, kind: fc.constant('pause'), type: fc.constantFrom('a', 'b:c,d') },
      { requiredKeys: ['kind', 'at'], noNullPrototype: true },
    ),
  )
  .map(orders);

export function ordersContract(makeHarness: () => Promise<StateStoreHarness>): void {
  describe('orders', () => {
    it('are put and taken back without a lease; of two about the same subject the newer one holds', async () => {
      const { store } = await makeHarness();
      for (const order of [drain, pauseAll, pauseType, protect]) await store.putOrder(order);
      expect((await store.load(NOW)).orders).toStrictEqual([pauseAll, protect, pauseType]);
      await store.removeOrder('everything');
      await store.removeOrder({ instanceId: 'i-1' });
      await store.removeOrder({ instanceId: 'i-9' });
      expect((await store.load(NOW)).orders).toStrictEqual([pauseType]);
      await store.removeOrder({ type: 'x86_64-linux:big-parallel' });
      expect(await store.load(NOW)).toStrictEqual(BLANK_STATE);
    });

    it('are left out from the moment they have expired; those without an end never', async () => {
      const { store } = await makeHarness();
      await store.putOrder(protect);
      await store.putOrder(pauseType);
      expect((await store.load(NOW + 60.25)).orders).toStrictEqual([protect, pauseType]);
      expect((await store.load(NOW + 60.5)).orders).toStrictEqual([pauseType]);
      expect((await store.load(NOW * 2)).orders).toStrictEqual([pauseType]);
    });

    it('come back as they were put, whatever they hold', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryOrders, async (given) => {
          const { store } = await makeHarness();
          for (const order of given) await store.putOrder(order);
          const bySubject = (order: Order): string => JSON.stringify(subjectOf(order));
          const read = (await store.load(0)).orders ?? [];
          expect(read.toSorted((a, b) => (bySubject(a) < bySubject(b) ? -1 : 1))).toStrictEqual(
            given.toSorted((a, b) => (bySubject(a) < bySubject(b) ? -1 : 1)),
          );
        }),
        { numRuns: 30 },
      );
    });

    it('are told when they cannot be read, and spoil nothing else', async () => {
      const { store, plant } = await makeHarness();
      await store.putOrder(pauseType);
      await plant('order#everything', { kind: 'stop', at: NOW });
      const state = await store.load(NOW);
      expect(state.orders).toStrictEqual([pauseType]);
      expect(state.unreadable).toEqual([
        { key: 'order#everything', problem: expect.stringContaining('kind') as unknown },
      ]);
    });
  });
}
