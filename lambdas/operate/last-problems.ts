/** Reads in the journal what the last tick had to complain of: a tick remembers none of it. */
import { messageOf } from '../core/text/message-of.ts';
import type { EpochSeconds, Problem, TickEntry } from '../core/model/index.ts';
import { withoutRepeats } from '../core/reason/problem.ts';
import type { Ports } from '../ports.ts';

/** A tick this many periods back is still the last one; where none is found, the alarm about missing ticks has rung. */
const PERIODS = 3;

/**
 * What went wrong in the last tick, each with its cause; empty when nothing did.
 * Never throws: what cannot be read is a problem of its own. Absent where no journal is kept.
 */
export async function lastProblems(
  { journal }: Pick<Ports, 'journal'>,
  now: EpochSeconds,
  schedulePeriodSeconds: number,
): Promise<readonly Problem[] | undefined> {
  if (journal === undefined) return undefined;
  let last: TickEntry | undefined;
  try {
    for await (const item of journal.entries(now - PERIODS * schedulePeriodSeconds, now)) {
      if ('entry' in item && item.entry.kind === 'tick') last = item.entry;
    }
  } catch (error) {
    return [{ says: `the journal cannot be read: ${messageOf(error)}` }];
  }
  return last === undefined ? [] : problemsOf(last);
}

function problemsOf({ result, message, rounds }: TickEntry): readonly Problem[] {
  const failure = result === 'failed' ? [{ says: `the tick failed: ${message}` }] : [];
  return withoutRepeats([...failure, ...rounds.flatMap(({ problems }) => problems)]);
}
