/** Whether what the documents point at is there, and README is as short as it was meant to be. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, ROOT, anchorsOf, textOf, withoutCode } from './documents.ts';

/** Where the links of a document lead, except those to other places of the internet. */
const linksOf = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** What is wrong with a link, in words. */
function faultOf(document: string, target: string, anchors: (path: string) => readonly string[]): string[] {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(ROOT, file))) return [`${document}: ${target} is not there`];
  if (anchor === undefined || anchors(file).includes(anchor)) return [];
  return [`${document}: ${target} has no such heading`];
}

describe('links', () => {
  it.each(DOCUMENTS)('in %s lead somewhere', (document) => {
    const links = linksOf(textOf(document));
    expect(links.flatMap((link) => faultOf(document, link, (file) => anchorsOf(textOf(file))))).toEqual([]);
  });
  it('that lead nowhere are noticed', () => {
    const anchors = (): readonly string[] => ['there'];
    expect(faultOf('README.md', 'docs/nowhere.md', anchors)).toHaveLength(1);
    expect(faultOf('docs/x.md', '../README.md#gone', anchors)).toHaveLength(1);
    expect(faultOf('docs/x.md', '../README.md#there', anchors)).toEqual([]);
  });
  it('to headings are made as GitHub makes them', () => {
    const text =
      '# A `tick`, or two\n\n```sh\n# no heading\n```\n\n## [Rules](x.md) & more\n\n## Twice\n\n## Twice\n';
    expect(anchorsOf(text)).toEqual(['a-tick-or-two', 'rules--more', 'twice', 'twice-1']);
  });
});

/** Places of the tree that a text names, linked or not. */
const placesIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w/.])(lambdas|infra|local|test|docs)\/[\w./*-]+/g)].map(([place]) =>
    place.replace(/[./]+$/, ''),
  );

describe('places of the tree', () => {
  it.each(DOCUMENTS)('that %s names are there', (document) => {
    const gone = placesIn(textOf(document)).filter((place) => globSync(place, { cwd: ROOT }).length === 0);
    expect(gone).toEqual([]);
  });
  it('that are not there are noticed', () => {
    expect(placesIn('see `test/core/x*.test.ts`, local/nowhere/. And $HOME/test/x')).toEqual([
      'test/core/x*.test.ts',
      'local/nowhere',
    ]);
    expect(globSync('local/nowhere', { cwd: ROOT })).toEqual([]);
  });
});

describe('pages of docs/', () => {
  const reached = new Set<string>();
  const visit = (document: string): void => {
    if (reached.has(document)) return;
    reached.add(document);
    for (const link of linksOf(textOf(document))) {
      const [path = ''] = link.split('#');
      const file = normalize(join(dirname(document), path));
      if (path.endsWith('.md') && DOCUMENTS.includes(file)) visit(file);
    }
  };

  it('are all reached from README', () => {
    visit('README.md');
    expect(DOCUMENTS.filter((document) => !reached.has(document))).toEqual([]);
  });
});

describe('README', () => {
  it('is short enough to be read, and long enough to say what this is', () => {
    const bytes = Buffer.byteLength(textOf('README.md'));
    expect(bytes).toBeGreaterThan(6_000);
    expect(bytes).toBeLessThan(10_000);
  });
  it('shows how to run and how to test', () => {
    expect(textOf('README.md')).toContain('npm ci && npm start');
    expect(textOf('README.md')).toContain('npm ci && npm test');
  });
});
