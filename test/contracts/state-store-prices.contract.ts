import { describe, expect, it } from 'vitest';
import { changes, EMPTY_STATE, WHOLE_FARM, WHOLE_PRICES } from './farm-records.ts';
import type { StateStoreHarness } from './state-store-harness.ts';
import { mustAcquire } from './state-store-lease.contract.ts';

const NOW = 1_790_000_000;

export function pricesContract(makeHarness: () => Promise<StateStoreHarness>): void {
  describe('prices', () => {
    it('come back exactly, and stay when nothing is said of them', async () => {
      const { store } = await makeHarness();
      const lease = await mustAcquire(store, 'tick-a', NOW);
      await store.save(lease, changes({ prices: WHOLE_PRICES }));
      await store.save(lease, changes({ farm: WHOLE_FARM }));
      expect(await store.load(NOW)).toStrictEqual({ ...EMPTY_STATE, farm: WHOLE_FARM, prices: WHOLE_PRICES });
    });
  });
}
