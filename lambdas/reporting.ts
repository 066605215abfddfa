/** What people and their machines are told of a tick, and where. None of it is needed for the next tick. */
import type { Decision, EpochSeconds, JournalEntry } from './core/model/index.ts';

/** What was read of the journal: an entry, or a stored item that is not one. */
export type JournalItem =
  { readonly entry: JournalEntry } | { readonly key: string; readonly problem: string };

/** Where entries of the journal go. A tick only writes; people read, the doctor on their behalf. */
export interface Journal {
  /** Keeps one entry for a limited time. Never throws, and never keeps its caller waiting for long. */
  append(entry: JournalEntry): Promise<void>;
  /**
   * Entries that began at `from` or later and before `to`, oldest first; a request before the tick it woke. Read bit by bit, as they are
   * taken: a large farm's day does not fit the memory. One that cannot be read is told as such and spoils nothing else.
   * @throws while they are taken, when the journal cannot be read.
   */
  entries(from: EpochSeconds, to: EpochSeconds): AsyncIterable<JournalItem>;
}

export interface Reporter {
  decision(decision: Decision): void;
  /** Something a person has to know: a refused plan, an AWS refusal, an unreadable status. */
  problem(what: string, details: Readonly<Record<string, unknown>>): void;
  metrics(metrics: Readonly<Record<string, number>>): void;
}
