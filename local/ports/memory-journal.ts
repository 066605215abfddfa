/** A journal in memory, for simulation and tests. Entries go through the real codec, so what cannot be stored is seen. */
import { packEntry, unpackEntry } from '../../lambdas/adapters/journal-codec.ts';
import type { JournalEntry } from '../../lambdas/core/journal.ts';
import type { Journal } from '../../lambdas/reporting.ts';

export class MemoryJournal implements Journal {
  readonly #packed: Uint8Array[] = [];

  append(entry: JournalEntry): Promise<void> {
    this.#packed.push(packEntry(entry));
    return Promise.resolve();
  }

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#packed.map(unpackEntry);
  }
}
