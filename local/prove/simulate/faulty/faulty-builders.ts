/** Builders on a bad day: what they would tell comes late, or not at all. */
import type { Builders, Identities, StoreUses } from '../../../../lambdas/ports.ts';
import type { Chaos } from '../chaos.ts';

export class FaultyBuilders implements Builders {
  readonly #inner: Builders;
  readonly #chaos: Chaos;

  constructor(inner: Builders, chaos: Chaos) {
    this.#inner = inner;
    this.#chaos = chaos;
  }

  async identities(instanceIds: readonly string[]): Promise<Identities> {
    if (instanceIds.length > 0 && this.#chaos.strikes('host-key-late'))
      return { identities: new Map(), problems: [] };
    return this.#inner.identities(instanceIds);
  }

  async storeUse(instanceIds: readonly string[]): Promise<StoreUses> {
    if (instanceIds.length > 0 && this.#chaos.strikes('quiet-silent'))
      return { uses: new Map(), problems: [] };
    return this.#inner.storeUse(instanceIds);
  }
}
