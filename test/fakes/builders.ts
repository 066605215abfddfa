/** Builders in memory: they tell what they are told to tell. */
import type { Builders, Identities, StoreUses } from '../../lambdas/ports.ts';

export class FakeBuilders implements Builders {
  /** What each proves itself by. */
  readonly keys = new Map<string, string>();
  /** Machines that say that nobody uses their store. */
  readonly quiet = new Set<string>();

  identities(instanceIds: readonly string[]): Promise<Identities> {
    const identities = new Map([...this.keys].filter(([id]) => instanceIds.includes(id)));
    return Promise.resolve({ identities, problems: [] });
  }

  storeUse(instanceIds: readonly string[]): Promise<StoreUses> {
    const quiet = [...this.quiet].filter((id) => instanceIds.includes(id));
    return Promise.resolve({ uses: new Map(quiet.map((id) => [id, 'quiet'])), problems: [] });
  }
}
