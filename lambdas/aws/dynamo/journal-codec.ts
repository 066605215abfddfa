/** An entry of the journal as it is stored: JSON with maps and sets written out, gzipped, never more than fits an item. */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { SMALLER_FORMS } from '../../core/account/journal.ts';
import { journalEntrySchema } from '../../core/model/index.ts';
import type { JournalEntry } from '../../core/model/index.ts';

/**
 * DynamoDB takes 400 KB per item (AWS: docs/develop/facts.md#dynamodb-items); the rest is room for the other
 * attributes.
 */
export const PACKED_BYTES_MAX = 380_000;
/** A thousand machines in a hundred rounds unpack to less. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;

/** Written out as objects with one key that no record of ours has. */
const MAP = '$map';
const SET = '$set';

/** One line of JSON. */
export const entryToJson = (entry: JournalEntry): string =>
  JSON.stringify(entry, (_key, value: unknown) => {
    if (value instanceof Map) return { [MAP]: [...value] };
    return value instanceof Set ? { [SET]: [...value] } : value;
  });

/** @throws Error naming every field that is not as it should be. */
export function entryFromJson(json: string): JournalEntry {
  const revived: unknown = JSON.parse(json, (_key, value: unknown) => {
    const map = membersOf(value, MAP);
    if (map !== undefined) return new Map(map as [unknown, unknown][]);
    const set = membersOf(value, SET);
    return set === undefined ? value : new Set(set);
  });
  const parsed = journalEntrySchema.safeParse(revived);
  if (parsed.success) return parsed.data;
  throw new Error(`not an entry of the journal: ${z.prettifyError(parsed.error)}`);
}

const membersOf = (value: unknown, key: string): unknown[] | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const members: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(members) ? members : undefined;
};

/** The largest form of the entry that fits `maxBytes`. The smallest form of all is a few hundred bytes. */
export function packEntry(entry: JournalEntry, maxBytes: number = PACKED_BYTES_MAX): Uint8Array {
  const pack = (form: JournalEntry): Uint8Array => gzipSync(entryToJson(form));
  if (entry.kind === 'request') return pack(entry);
  for (const smaller of SMALLER_FORMS) {
    const packed = pack(smaller(entry));
    if (packed.length <= maxBytes) return packed;
  }
  return pack({ ...entry, rounds: [], message: entry.message.slice(0, 1000) });
}

/** @throws Error when it is not an entry of ours. */
export function unpackEntry(packed: Uint8Array): JournalEntry {
  return entryFromJson(gunzipSync(packed, { maxOutputLength: UNPACKED_BYTES_MAX }).toString('utf8'));
}
