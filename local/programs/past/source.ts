/** Which farm's past is asked for, and where its journal is read. */
import { TABLE_OUTPUT } from '../../../infra/operate-commands.ts';
import { itemsInFile, readTable, SourceError } from '../journal/source.ts';
import { PastFold } from './fold.ts';
import type { Past } from './past.ts';

/** What people say of where the journal is. */
export interface PastChoice {
  /** The stack of a deployed farm. */
  readonly stack?: string;
  /** Where AWS or a region on this machine answers. */
  readonly url?: string;
  readonly table?: string;
  /** Its tag; without it, the only one there. */
  readonly farm?: string;
  /** An exported journal. */
  readonly journal?: string;
  readonly region?: string;
  /** Back from the newest entry; absent for all that a file has. */
  readonly days?: number;
}

/** How long entries are kept, in days: there are no older ones. */
const KEPT_DAYS = 30;
const DAY_SECONDS = 24 * 3600;

export interface FarmPast {
  /** Its tag, or the name of the file. */
  readonly farm: string;
  readonly past: Past;
}

/** @throws SourceError or TargetError, in words for people. */
export async function pastIn(choice: PastChoice): Promise<FarmPast> {
  const fold = new PastFold();
  const { journal, days } = choice;
  if (journal !== undefined) {
    for (const item of itemsInFile(journal, days === undefined ? undefined : days * DAY_SECONDS))
      fold.take(item);
    return { farm: journal === '-' ? 'journal' : journal, past: fold.past };
  }
  const where = { ...(await tableOf(choice)), hours: (days ?? KEPT_DAYS) * 24 };
  const farm = await readTable(where, (item) => {
    fold.take(item);
  });
  if (farm === undefined) throw new SourceError('there is no farm yet: no tick has run');
  return { farm, past: fold.past };
}

/** The table that is meant: with a stack the one it has, in AWS unless another place is named. @throws TargetError */
export async function tableOf({ stack, url, table, farm, region }: PastChoice) {
  const place = {
    ...(region === undefined ? {} : { region }),
    ...(farm === undefined ? {} : { farm }),
  };
  const there = url === undefined ? {} : { url };
  if (stack === undefined) return { ...place, ...there, ...(table === undefined ? {} : { table }) };
  // Whoever asks a farm on this machine need not wait for the clients.
  const { outputOfStack } = await import('../operate/aws-target.ts');
  const endpoint = url === undefined ? {} : { endpoint: url };
  const named = await outputOfStack({ ...(region === undefined ? {} : { region }), ...endpoint }, stack, {
    output: TABLE_OUTPUT,
    remedy: 'name the state table with --table',
  });
  return { ...place, ...there, table: named };
}
