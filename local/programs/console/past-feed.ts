/** The past of the farm, read once from its journal and then followed. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { JournalItem } from '../../../lambdas/reporting.ts';
import { PastFold } from '../past/fold.ts';
import { lastOf } from '../past/window.ts';
import { pastView } from './past-view.ts';
import type { PastView } from './past-view.ts';

/** Reads the entries that began so many seconds before the newest, or later; oldest first. */
export type ReadJournal = (seconds: number, take: (item: JournalItem) => void) => Promise<void>;

export interface PastFeedOptions {
  readonly read: ReadJournal;
  /** How far back, in seconds. */
  readonly seconds: number;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** A tick is noted when it ends, under the time at which it began, and takes no longer than a function may. */
const AGAIN_SECONDS = 1200;
/** The journal is not read more often than this. */
const FRESH_SECONDS = 15;

export class PastFeed {
  readonly #options: PastFeedOptions;
  readonly #fold = new PastFold();
  readonly #taken = new Set<string>();
  #readAt: number | undefined;
  #trouble: string | undefined;
  #reading: Promise<void> | undefined;

  constructor(options: PastFeedOptions) {
    this.#options = options;
  }

  /** @param seconds how much of it, back from its end. Never throws. */
  async view(seconds: number): Promise<PastView> {
    this.#reading ??= this.#follow().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    const view = pastView(lastOf(this.#fold.past, seconds));
    return this.#trouble === undefined ? view : { ...view, trouble: this.#trouble };
  }

  async #follow(): Promise<void> {
    const now = this.#options.now();
    if (this.#readAt !== undefined && now - this.#readAt < FRESH_SECONDS) return;
    const seconds = this.#readAt === undefined ? this.#options.seconds : AGAIN_SECONDS + now - this.#readAt;
    try {
      const items: JournalItem[] = [];
      await this.#options.read(seconds, (item) => {
        if (this.#isNew(item)) items.push(item);
      });
      for (const item of items) this.#fold.take(item);
      this.#readAt = now;
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
  }

  #isNew(item: JournalItem): boolean {
    const key = 'entry' in item ? `${item.entry.kind} ${item.entry.id} ${item.entry.at}` : item.key;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}
