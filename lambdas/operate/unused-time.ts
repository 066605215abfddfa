/** Reads in the journal what wrong billing has cost lately. */
import { messageOf } from '../core/message-of.ts';
import type { Found } from '../core/doctor/finding.ts';
import { LATELY_SECONDS, misbilled } from '../core/doctor/money.ts';
import type { Billed } from '../core/doctor/money.ts';
import { UnusedTimeTally } from '../core/doctor/unused-time.ts';
import type { UnusedTime } from '../core/doctor/unused-time.ts';
import type { Ports } from '../ports.ts';

/** Enough for a day of hundreds of machines, in seconds; the function itself is given no less than 180. */
const READ_SECONDS = 90;

/**
 * Never throws: a journal that cannot be read is missing. Absent where none is kept, and where every type is billed
 * right: it is not read for nothing.
 */
export async function readUnusedTime(
  { journal, clock }: Pick<Ports, 'journal' | 'clock'>,
  billed: Billed,
): Promise<Found<UnusedTime> | undefined> {
  if (journal === undefined || misbilled(billed).length === 0) return undefined;
  const { now } = billed.observation;
  const giveUpAt = clock.now() + READ_SECONDS;
  const tally = new UnusedTimeTally(billed.config);
  try {
    for await (const item of journal.entries(now - LATELY_SECONDS, now)) {
      if ('problem' in item) tally.addUnread();
      else if (item.entry.kind === 'tick') tally.add(item.entry);
      if (clock.now() < giveUpAt) continue;
      tally.addUnread();
      break;
    }
    return { found: tally.result };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}
