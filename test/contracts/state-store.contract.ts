/** What every state store must do. Run by `state-store.*.test.ts`, one file per implementation. */
import { describe } from 'vitest';
import { heardContract } from './state-store-heard.contract.ts';
import { knockContract } from './state-store-knock.contract.ts';
import { leaseContract } from './state-store-lease.contract.ts';
import type { StateStoreHarness } from './state-store-harness.ts';
import { ordersContract } from './state-store-orders.contract.ts';
import { pricesContract } from './state-store-prices.contract.ts';
import { recordsContract } from './state-store-records.contract.ts';

export function stateStoreContract(name: string, makeHarness: () => Promise<StateStoreHarness>): void {
  describe(`state store: ${name}`, () => {
    leaseContract(makeHarness);
    knockContract(makeHarness);
    heardContract(makeHarness);
    recordsContract(makeHarness);
    ordersContract(makeHarness);
    pricesContract(makeHarness);
  });
}
