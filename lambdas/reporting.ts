/** What people and their machines are told of a tick, and where. None of it is needed for the next tick. */
import type { JournalEntry } from './core/journal.ts';
import type { Decision } from './core/model.ts';

/** Where entries of the journal go. */
export interface Journal {
  /** Keeps one entry for a limited time. Never throws, and never keeps anybody waiting for long. */
  append(entry: JournalEntry): Promise<void>;
}

/** Tells people what they should know now. */
export interface Notifier {
  /** Never throws. @param subject at most 100 ASCII characters. */
  notify(subject: string, text: string): Promise<void>;
}

export interface Reporter {
  decision(decision: Decision): void;
  /** Something a person has to know: a refused plan, an AWS refusal, an unreadable status. */
  problem(what: string, details: Readonly<Record<string, unknown>>): void;
  metrics(metrics: Readonly<Record<string, number>>): void;
}
