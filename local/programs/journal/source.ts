/** Where entries of the journal come from: a file of JSON lines, or the table itself, in AWS or in a region on this machine. */
import { readFileSync } from 'node:fs';
import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { DynamoJournal } from '../../../lambdas/aws/dynamo/journal.ts';
import { STATE_TABLE } from '../../../lambdas/aws/dynamo/state-table.ts';
import type { JournalItem } from '../../../lambdas/reporting.ts';
import { entryFromJson } from '../../../lambdas/aws/dynamo/journal-codec.ts';
import { localDynamoClient } from '../../world/dynamo.ts';

/**
 * The entries in a file, one JSON object per line, as `export` writes them.
 * @param seconds only those that began so long before the newest one, or later.
 * @throws when the file cannot be read.
 */
export function itemsInFile(file: string, seconds = Infinity): readonly JournalItem[] {
  const items = textOf(file)
    .split('\n')
    .flatMap((line, index): JournalItem[] => {
      if (line.trim() === '') return [];
      try {
        return [{ entry: entryFromJson(line) }];
      } catch (error) {
        const problem = messageOf(error);
        return [{ key: `line ${index + 1}`, problem }];
      }
    });
  const times = items.flatMap((item) => ('entry' in item ? [item.entry.at] : []));
  const since = times.reduce((newest, at) => Math.max(newest, at), -Infinity) - seconds;
  return items.filter((item) => !('entry' in item) || item.entry.at >= since);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new SourceError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The journal cannot be found or read; the message says what to do. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

export interface TableChoice {
  /** Of a region on this machine; without it region and credentials are as the AWS SDK finds them. */
  readonly url?: string;
  /** In AWS, where that is not as the SDK finds it. */
  readonly region?: string;
  /** Without it, the only one there. */
  readonly table?: string;
  /** The configuration's tag; without it, that of the only farm there. */
  readonly farm?: string;
  /** How far back from the newest entry: a simulated region has a clock of its own. */
  readonly hours: number;
}

/** What a table holds of one farm. */
export interface FarmJournal {
  /** Undefined where there is no farm yet. */
  readonly farm: string | undefined;
  readonly items: readonly JournalItem[];
}

/** @throws SourceError like {@link readTable}. */
export async function journalInTable(choice: TableChoice): Promise<FarmJournal> {
  const items: JournalItem[] = [];
  const farm = await readTable(choice, (item) => void items.push(item));
  return { farm, items };
}

/**
 * Reads a farm's journal bit by bit: a large farm's week does not fit the memory.
 * @param take is given the items, oldest first.
 * @returns the farm; undefined where there is none yet.
 * @throws SourceError when the table cannot be read, or when it is not clear which table or farm is meant.
 */
export async function readTable(
  choice: TableChoice,
  take: (item: JournalItem) => void,
): Promise<string | undefined> {
  const opened = await openJournal(choice);
  if (opened === undefined) return undefined;
  try {
    await opened.read(choice.hours * 3600, take);
    return opened.farm;
  } finally {
    opened.close();
  }
}

/** A farm's journal that can be read again and again. */
export interface OpenJournal {
  readonly farm: string;
  /** Reads the entries that began so many seconds before the newest, or later. @throws SourceError */
  readonly read: (seconds: number, take: (item: JournalItem) => void) => Promise<void>;
  readonly close: () => void;
}

/** @returns undefined where there is no farm yet. @throws SourceError like {@link readTable}. */
export async function openJournal(choice: Omit<TableChoice, 'hours'>): Promise<OpenJournal | undefined> {
  const { url, region } = choice;
  const client =
    url === undefined ? new DynamoDBClient(region === undefined ? {} : { region }) : localDynamoClient(url);
  const close = (): void => {
    client.destroy();
  };
  const worded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(troubleWith(choice, error), { cause: error });
    }
  };
  try {
    const table = await worded(async () => choice.table ?? (await onlyTable(client)));
    const farm = await worded(async () => choice.farm ?? (await onlyFarm(client, table)));
    if (farm === undefined) {
      close();
      return undefined;
    }
    const journal = new DynamoJournal(client, table, farm);
    return { farm, read: (seconds, take) => worded(() => takeLatest(journal, seconds, take)), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function takeLatest(
  journal: DynamoJournal,
  seconds: number,
  take: (item: JournalItem) => void,
): Promise<void> {
  const newest = await journal.newest();
  if (newest === undefined) return;
  for await (const item of journal.entries(newest - seconds, newest + 1)) take(item);
}

async function onlyTable(client: DynamoDBClient): Promise<string> {
  const { TableNames: [first, ...others] = [] } = await client.send(new ListTablesCommand({}));
  if (first !== undefined && others.length === 0) return first;
  const known = [first ?? 'none', ...others].join(', ');
  throw new SourceError(`name the state table with --table; there is ${known}`);
}

/** Reads the keys of the whole table: one farm may hide behind another. */
async function onlyFarm(client: DynamoDBClient, table: string): Promise<string | undefined> {
  const farms = new Set<string>();
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      ProjectionExpression: '#farm',
      ExpressionAttributeNames: { '#farm': STATE_TABLE.partitionKey },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) farms.add((item[STATE_TABLE.partitionKey]?.S ?? '').split('#', 1).join());
  }
  if (farms.size < 2) return [...farms][0];
  throw new SourceError(`several farms share ${table}: name one with --farm: ${[...farms].join(', ')}`);
}

function troubleWith({ url, table }: Pick<TableChoice, 'url' | 'table'>, error: unknown): string {
  const message = messageOf(error);
  if (url === undefined)
    return `${table ?? 'the state table'} cannot be read: ${message}; for the farm of "npm start" or "npm run region" leave --table out`;
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
    ? `nothing answers at ${url}: start a farm with "npm start" or "npm run region", name another with --url, or your own state table with --table`
    : `the region at ${url} refuses: ${message}`;
}
