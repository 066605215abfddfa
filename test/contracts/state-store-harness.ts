/** What the contract of state stores is tried on. */
import type { StateStore } from '../../lambdas/ports.ts';

/** An empty store of one farm. */
export interface StateStoreHarness {
  readonly store: StateStore;
  /** Puts an item under a key just as it is: what a person at the console could do. */
  plant(key: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** What a machine reads of itself. */
  heard(
    instanceId: string,
  ): Promise<{ readonly tickAt?: number; readonly runnerKind?: string; readonly wanted: boolean }>;
}
