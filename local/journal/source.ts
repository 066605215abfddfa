/** Where entries of the journal come from: a file of JSON lines, or the table itself. */
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoJournal } from '../../lambdas/adapters/dynamo-journal.ts';
import type { JournalItem } from '../../lambdas/reporting.ts';
import { entryFromJson } from '../../lambdas/adapters/journal-codec.ts';

/** The entries in a file, one JSON object a line, as `export` writes them. @throws when the file cannot be read. */
export function itemsInFile(file: string): readonly JournalItem[] {
  const lines = readFileSync(file === '-' ? 0 : file, 'utf8').split('\n');
  return lines.flatMap((line, index): JournalItem[] => {
    if (line.trim() === '') return [];
    try {
      return [{ entry: entryFromJson(line) }];
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return [{ key: `line ${index + 1}`, problem }];
    }
  });
}

export interface TableChoice {
  readonly table: string;
  /** The configuration's tag. */
  readonly farm: string;
  /** How far back from the newest entry: a simulated region has a clock of its own. */
  readonly hours: number;
}

/** The entries in the state table; region and credentials as the AWS SDK finds them. @throws when AWS refuses. */
export async function itemsInTable({ table, farm, hours }: TableChoice): Promise<readonly JournalItem[]> {
  const client = new DynamoDBClient({});
  try {
    const journal = new DynamoJournal(client, table, farm);
    const newest = await journal.newest();
    if (newest === undefined) return [];
    const items: JournalItem[] = [];
    for await (const item of journal.entries(newest - hours * 3600, newest + 1)) items.push(item);
    return items;
  } finally {
    client.destroy();
  }
}
