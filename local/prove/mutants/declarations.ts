/** Finds declarations by name, in whatever file they are. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse, within } from './syntax.ts';

/** One file of the tree. A shell script has no `syntax`. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly syntax?: ts.SourceFile;
}

/** A part of a file that has a name. In a shell script it has no `node`. */
export interface Declaration {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly node?: ts.Node;
}

const FILES = '{lambdas,infra}/**/*.{ts,sh}';
/** What judges plans repeats the names of what makes them; see `mutant.ts`. */
const JUDGES = /^lambdas\/core\/check\//;

/** Everything mutants may break in the tree at `root`. */
export const readSources = (root: string): readonly Source[] =>
  globSync(FILES, { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !JUDGES.test(file))
    .toSorted()
    .map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return file.endsWith('.ts') ? { file, text, syntax: parse(file, text) } : { file, text };
    });

/** All declarations of this name; `mutant.ts` says how names are written. */
export const declarationsOf = (sources: readonly Source[], name: string): readonly Declaration[] =>
  sources.flatMap((source) =>
    source.syntax === undefined ? inScript(source, name) : inModule(source, source.syntax, name.split('.')),
  );

function inModule(
  source: Source,
  syntax: ts.SourceFile,
  [first, ...others]: readonly string[],
): Declaration[] {
  const atTop = syntax.statements.flatMap((statement): readonly ts.Node[] =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement],
  );
  let found: readonly ts.Node[] = atTop.filter((node) => nameOf(node) === first);
  for (const name of others)
    found = found.flatMap((outer) => within(outer).filter((node) => node !== outer && nameOf(node) === name));
  return found.map((node) => ({ source, node, start: node.getStart(syntax), end: node.end }));
}

function nameOf(node: ts.Node): string | undefined {
  const isDeclaration =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node);
  if (!isDeclaration || node.name === undefined) return undefined;
  return ts.isMemberName(node.name) || ts.isStringLiteral(node.name) ? node.name.text : undefined;
}

/** Functions end on their first line, or with a brace at the start of another, as all of ours are laid out. */
function inScript(source: Source, name: string): readonly Declaration[] {
  const { file, text } = source;
  if (path.posix.basename(file) === name) return [{ source, start: 0, end: text.length }];
  return [...text.matchAll(/^(?<name>\w+)\(\) \{(?:.*\}|[^]*?^\})$/gm)]
    .filter(({ groups }) => groups?.['name'] === name)
    .map(({ index, 0: { length } }) => ({ source, start: index, end: index + length }));
}
