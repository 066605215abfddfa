/** A queue runner's status as it was printed: JSON of a known shape, another object, or nothing to go by. */
import type * as z from 'zod';
// Through `z.core` the bundler would keep all of zod, every locale included.
import { toDotPath } from 'zod/v4/core';
import { excerpt } from '../core/text/excerpt.ts';

const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_PROBLEMS_SHOWN = 10;

/** What stands in a status: a running queue runner's, another JSON object with what is wrong in it, or nothing to go by. */
export type Printed<Status> =
  | { readonly kind: 'up'; readonly status: Status }
  | { readonly kind: 'other'; readonly object: object; readonly problems: readonly string[] }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Reads a status as text. Never throws. @param schema of a running queue runner's. */
export function readStatus<Status>(text: string, schema: z.ZodType<Status>): Printed<Status> {
  if (text.length > MAX_CHARACTERS) return unreadable(`it is longer than ${MAX_CHARACTERS} characters`);
  if (text.trim() === '') return unreadable('it is empty');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const cut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    return unreadable(
      cut ? `it is cut off after ${text.length} characters` : `it is not JSON: ${excerpt(text, 60)}`,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return unreadable(`it is no JSON object: ${excerpt(text, 60)}`);
  }
  const result = schema.safeParse(json);
  return result.success
    ? { kind: 'up', status: result.data }
    : { kind: 'other', object: json, problems: problemsIn(result.error) };
}

function unreadable(problem: string): Printed<never> {
  return { kind: 'unreadable', problem };
}

function problemsIn({ issues }: z.ZodError): readonly string[] {
  const shown = issues
    .slice(0, MAX_PROBLEMS_SHOWN)
    .map(({ path, message }) => `${excerpt(toDotPath(path))}: ${excerpt(message)}`);
  const more = issues.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}
