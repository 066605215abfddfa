/** The journal of the farm that the console shows. */
import { openJournal, SourceError } from '../journal/source.ts';
import type { OpenJournal } from '../journal/source.ts';
import { tableOf } from '../past/source.ts';
import type { ReadJournal } from './past-feed.ts';

/** Where the farm is, as far as it is named. */
export interface ConsolePlace {
  readonly url?: string;
  readonly stack?: string;
  readonly table?: string;
  readonly farm?: string;
  readonly region?: string;
}

/** Opened when it is first read, and again where that failed: a farm may come to be later than its console. */
export function journalOf(place: ConsolePlace): ReadJournal {
  let opened: OpenJournal | undefined;
  return async (seconds, take) => {
    opened ??= await openJournal(await tableOf(place));
    if (opened === undefined) throw new SourceError('there is no farm yet: no tick has run');
    await opened.read(seconds, take);
  };
}
