/** The journal on a bad day: entries that are lost, and those that take long. A tick must not notice. */
import type { EpochSeconds, JournalEntry } from '../../../../lambdas/core/model/index.ts';
import type { Clock, Journal, JournalItem } from '../../../../lambdas/ports.ts';
import type { Chaos } from '../chaos.ts';

const LONGEST_WAIT_SECONDS = 10;

export class FaultyJournal implements Journal {
  /** Entries that were to be kept, whatever has become of them. */
  appended = 0;
  readonly #inner: Journal;
  readonly #chaos: Chaos;
  readonly #clock: Clock;

  constructor(inner: Journal, chaos: Chaos, clock: Clock) {
    this.#inner = inner;
    this.#chaos = chaos;
    this.#clock = clock;
  }

  async append(entry: JournalEntry): Promise<void> {
    const chaos = this.#chaos;
    this.appended += 1;
    if (chaos.strikes('journal-slow'))
      await this.#clock.sleep(chaos.luckOf('journal-slow').between(0.5, LONGEST_WAIT_SECONDS));
    if (!chaos.strikes('journal-fails')) await this.#inner.append(entry);
  }

  entries(from: EpochSeconds, to: EpochSeconds): AsyncIterable<JournalItem> {
    return this.#inner.entries(from, to);
  }
}
