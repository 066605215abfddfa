/** Finds declarations by name, in whatever file they are. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';
import { atTop, declaredName, parse, within } from './syntax.ts';

/** One file of the tree. A shell script has no `syntax`. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly syntax?: ts.SourceFile;
}

/** A part of a file that has a name. In a shell script it has no `node`. */
export interface Declaration {
  readonly name: string;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly node?: ts.Node;
}

/** By name: what stands at the top level of modules, and shell functions and scripts. */
export type Declarations = ReadonlyMap<string, readonly Declaration[]>;

const FILES = '{lambdas,infra}/**/*.{ts,sh}';
/** What judges plans repeats the names of what makes them; see `mutant.ts`. */
const JUDGES = /^lambdas\/core\/check\//;

/** Everything mutants may break in the tree at `root`. */
export function readDeclarations(root: string): Declarations {
  const files = globSync(FILES, { cwd: root }).map((file) => file.replaceAll(path.sep, '/'));
  const declarations = files
    .filter((file) => !JUDGES.test(file))
    .toSorted()
    .flatMap((file) => declaredIn(file, readFileSync(path.join(root, file), 'utf8')));
  return Map.groupBy(declarations, ({ name }) => name);
}

/** All declarations of this name; `mutant.ts` says how names are written. */
export function declarationsOf(declarations: Declarations, name: string): readonly Declaration[] {
  const known = declarations.get(name);
  if (known !== undefined) return known;
  const [first = '', ...others] = name.split('.');
  return others.reduce(
    (found, inner) => found.flatMap((outer) => inside(outer).filter((one) => one.name === inner)),
    declarations.get(first) ?? [],
  );
}

function declaredIn(file: string, text: string): readonly Declaration[] {
  if (!file.endsWith('.ts')) return declaredInScript({ file, text });
  const syntax = parse(file, text);
  return atTop(syntax).flatMap((node) => declarationOf({ file, text, syntax }, node));
}

const inside = ({ source, node }: Declaration): readonly Declaration[] =>
  node === undefined ? [] : within(node).flatMap((one) => (one === node ? [] : declarationOf(source, one)));

function declarationOf(source: Source, node: ts.Node): readonly Declaration[] {
  const name = declaredName(node);
  return name === undefined ? [] : [{ name, source, node, start: node.getStart(), end: node.end }];
}

/** Functions end on their first line, or with a brace at the start of another, as all of ours are laid out. */
function declaredInScript(source: Source): readonly Declaration[] {
  const { file, text } = source;
  const functions = [...text.matchAll(/^(?<name>\w+)\(\) \{(?:.*\}|[^]*?^\})$/gm)].map(
    ({ index, groups, 0: { length } }) => ({
      name: groups?.['name'] ?? '',
      source,
      start: index,
      end: index + length,
    }),
  );
  return [{ name: path.posix.basename(file), source, start: 0, end: text.length }, ...functions];
}
