/**
 * What the document `inspect` prints is lines, each a word and what belongs to it. These are the words that both kinds of
 * Hydra have in them.
 */
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Problem } from '../core/model/index.ts';
import { excerpt } from '../core/text/excerpt.ts';

/** Whether the queue runner, as the user it runs as, may read something; `unknown` where that could not be tried. */
export type Access = z.infer<typeof access>;

export const access = z.enum(['readable', 'unreadable', 'missing', 'unknown']);
export const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
export const count = z.stringFormat('count', /^\d{1,15}$/).transform(Number);
export const countOrNone = z.union([z.literal('-').transform(() => undefined), count]);
/** In base64. A path with a control character would be shown to people as more than one line. */
export const text = z
  .base64()
  .transform((encoded) => Buffer.from(encoded, 'base64').toString('utf8'))
  .pipe(z.stringFormat('one line', /^\P{Cc}*$/u));

/** More than any machines file: what unpacks to more is an attack or a mistake. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Of a file, packed; `-` where it is not told. */
export const content = z.union([
  z.literal('-').transform(() => undefined),
  z.base64().transform((packed, context) => {
    try {
      return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_FILE_BYTES }).toString('utf8');
    } catch {
      context.addIssue('not gzip');
      return z.NEVER;
    }
  }),
]);

/** The lines between the first and the last by their first word, each the rest of its words; none without such a frame. */
export function linesIn(frame: RegExp, stdout: string): Record<string, string[][]> {
  const lines =
    frame
      .exec(stdout)
      ?.groups?.['lines']?.split('\n')
      .filter((line) => line !== '') ?? [];
  const byName = Object.groupBy(
    lines.map((line) => line.split(' ')),
    ([name = '']) => name,
  );
  return Object.fromEntries(
    Object.entries(byName).map(([name, all = []]) => [name, all.map(([, ...words]) => words)]),
  );
}

/** Why an answer is refused. */
export function notOurs(stdout: string): { readonly ok: false; readonly problem: Problem } {
  const says = `the answer of the Hydra host is cut off or not ours: ${JSON.stringify(excerpt(stdout, 40))}`;
  return { ok: false, problem: { says } };
}
