/**
 * What every answer of the Hydra host is made of: a status that is packed, and may come in parts. Half of it must never
 * pass for the whole.
 */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Problem } from '../core/model/index.ts';
import type { Result } from '../core/reason/result.ts';
import { excerpt } from '../core/text/excerpt.ts';

/** A status is some hundred kilobytes; more than this is an attack or a mistake. */
const MAX_STATUS_BYTES = 64 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The status, packed: base64 of gzip. `text` is its beginning; the rest is fetched. */
export interface Payload {
  /** Of the whole text, lower-case hex. */
  readonly sha256: string;
  /** Of the whole text, in characters. */
  readonly length: number;
  readonly text: string;
}

const PART =
  /^hydra-autoscaler 1 fetch\npart (?<sha256>[0-9a-f]{64}) (?<offset>\d{1,9})\n(?<text>[A-Za-z0-9+/=]+)\s*$/;

/** The text in an answer of `fetch`, if it is the part asked for. Never throws. */
export function decodePart(stdout: string, sha256: string, offset: number): Result<string> {
  const found = groupsOf(PART, stdout);
  if (found === undefined) return refused('a part of the status is cut off or not ours', stdout);
  if (found('sha256') !== sha256 || Number(found('offset')) !== offset) {
    return refused('another part of the status came than was asked for', stdout);
  }
  return decoded(found('text'));
}

/** The status in a payload whose text is whole. Never throws, and never makes more of it than 64 MiB. */
export function unpackPayload({ sha256, length, text }: Payload): Result<string> {
  if (text.length !== length) return refused(`the status has ${text.length} of ${length} characters`, text);
  if (createHash('sha256').update(text).digest('hex') !== sha256) {
    return refused('the status does not fit its checksum', text);
  }
  if (!BASE64.test(text)) return refused('the status is not base64', text);
  try {
    const status = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_STATUS_BYTES });
    return decoded(status.toString('utf8'));
  } catch (error) {
    return refused(
      `the status cannot be unpacked (${error instanceof Error ? error.message : 'gzip'})`,
      text,
    );
  }
}

/** What was found whole. */
export function decoded<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

/** Why `text` is refused, with its beginning. */
export function refused(what: string, text: string): { readonly ok: false; readonly problem: Problem } {
  const shown = text.trim() === '' ? 'it is empty' : `it begins with ${JSON.stringify(excerpt(text, 40))}`;
  return { ok: false, problem: { says: `${what}: ${shown}` } };
}

/** The named groups of a match by name, empty where a group took no part; undefined without a match. */
export function groupsOf(pattern: RegExp, text: string): ((name: string) => string) | undefined {
  const groups = pattern.exec(text)?.groups;
  return groups && ((name) => groups[name] ?? '');
}
