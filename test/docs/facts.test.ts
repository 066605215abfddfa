/** Whether comments that rely on a fact say which, and the page of facts says which files do. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, anchorsOf, section, textOf } from './documents.ts';

const PAGE = 'docs/develop/facts.md';
const page = textOf(PAGE);
const sources = globSync('{lambdas,infra,local}/**/*.{ts,sh,nix}', { cwd: ROOT }).map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), 'utf8'),
}));

/** The facts that a text points at. */
const pointersIn = (text: string): readonly string[] =>
  [...text.matchAll(/docs\/develop\/facts\.md#([a-z0-9-]+)/g)].map(([, anchor = '']) => anchor);

/** By its anchor, the files that rely on a fact, as the page has them. */
const relied = new Map(
  [...page.matchAll(/^### (.+)$/gm)].map(([, heading = '']): [string, readonly string[]] => {
    const [, files = ''] = /^Relied on by: (.*)$/m.exec(section(page, heading)) ?? [];
    const [anchor = ''] = anchorsOf(`### ${heading}\n`);
    return [anchor, [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file).toSorted()];
  }),
);

describe('facts', () => {
  it('that comments point at are there', () => {
    const lost = sources.flatMap(({ path, text }) =>
      pointersIn(text)
        .filter((anchor) => !relied.has(anchor))
        .map((anchor) => `${path} points at ${anchor}`),
    );
    expect(lost).toEqual([]);
  });
  it('name the files that point at them, wherever these stand', () => {
    const pointing = new Map<string, Set<string>>();
    for (const { path, text } of sources)
      for (const anchor of pointersIn(text))
        pointing.set(anchor, (pointing.get(anchor) ?? new Set()).add(basename(path)));
    const found = [...relied.keys()].map((anchor) => [anchor, [...(pointing.get(anchor) ?? [])].toSorted()]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(relied));
  });
  it('are not merely claimed in a comment', () => {
    const bare = /\((measured|AWS documentation)\b(?!: docs\/)[^)]*\)/;
    const claims = sources.filter(({ path, text }) => path.startsWith('lambdas/') && bare.test(text));
    expect(claims.map(({ path }) => path)).toEqual([]);
  });
  it('have a source each', () => {
    const bare = [...page.matchAll(/^### (.+)$/gm)]
      .map(([, heading = '']) => heading)
      .filter((heading) => !/^(Seen in|Measured with|Documented in):\s+\S/m.test(section(page, heading)));
    expect(bare).toEqual([]);
  });
});
