/** What every state store must do. Run by `state-store.*.test.ts`, one file an implementation. */
import { describe } from 'vitest';
import type { StateStore } from '../../lambdas/ports.ts';
import { heardContract } from './state-store-heard.contract.ts';
import { knockContract } from './state-store-knock.contract.ts';
import { leaseContract } from './state-store-lease.contract.ts';
import { ordersContract } from './state-store-orders.contract.ts';
import { recordsContract } from './state-store-records.contract.ts';

/** An empty store of one farm. */
export interface StateStoreHarness {
  readonly store: StateStore;
  /** Puts an item under a key just as it is: what a person at the console could do. */
  plant(key: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** What a machine reads of itself. */
  heard(instanceId: string): Promise<{ readonly tickAt?: number; readonly wanted: boolean }>;
}

export function stateStoreContract(name: string, makeHarness: () => Promise<StateStoreHarness>): void {
  describe(`state store: ${name}`, () => {
    leaseContract(makeHarness);
    knockContract(makeHarness);
    heardContract(makeHarness);
    recordsContract(makeHarness);
    ordersContract(makeHarness);
  });
}
