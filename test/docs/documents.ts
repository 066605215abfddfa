/** The documents people read: README, what stands beside it, docs/ and examples/. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Their paths, from the top of the project. */
export const DOCUMENTS: readonly string[] = globSync(
  ['{README,CONTRIBUTING,CHANGELOG,SECURITY}.md', '{docs,examples}/**/*.md'],
  { cwd: ROOT },
)
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted();

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What stands below a heading, up to the next one of its rank or above. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const rank = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const below = lines.slice(start + 1);
  const end = below.findIndex((line) => new RegExp(`^#{1,${rank}} `).test(line));
  return start < 0 ? '' : below.slice(0, end < 0 ? undefined : end).join('\n');
}

/** A document without its code blocks, in which `#` is no heading and brackets are no link. */
export const withoutCode = (text: string): string => text.replaceAll(/^( *)```.*?^\1```$/gms, '');

/** The anchors GitHub gives its headings: lower case, punctuation dropped, spaces become hyphens, twins are numbered. */
export function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}
