/** A journal in memory, for simulation and tests. Entries go through the real codec, so what cannot be stored is seen. */
import { packEntry, unpackEntry } from '../../../lambdas/aws/dynamo/journal-codec.ts';
import type { EpochSeconds, JournalEntry } from '../../../lambdas/core/model/index.ts';
import type { Journal, JournalItem } from '../../../lambdas/reporting.ts';

interface Packed {
  readonly at: EpochSeconds;
  readonly kind: JournalEntry['kind'];
  readonly bytes: Uint8Array;
}

export class MemoryJournal implements Journal {
  readonly #packed: Packed[] = [];

  append(entry: JournalEntry): Promise<void> {
    this.#packed.push({ at: entry.at, kind: entry.kind, bytes: packEntry(entry) });
    return Promise.resolve();
  }

  /** All of them, as they were written. */
  get written(): readonly JournalEntry[] {
    return this.#packed.map(({ bytes }) => unpackEntry(bytes));
  }

  async *entries(from: EpochSeconds, to: EpochSeconds): AsyncGenerator<JournalItem> {
    const asked = this.#packed.filter(({ at }) => at >= from && at < to);
    for (const { bytes } of asked.toSorted((a, b) => a.at - b.at || a.kind.localeCompare(b.kind)))
      yield await Promise.resolve({ entry: unpackEntry(bytes) });
  }
}
