/** Holds mutants against a tree: where each one's place is, and what its file becomes. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { declarationsOf, readDeclarations } from './declarations.ts';
import type { Declaration, Declarations, Source } from './declarations.ts';
import type { Mutant } from './mutant.ts';
import type { Edit } from './operation.ts';
import { parse, usedName, within } from './syntax.ts';

/** A mutant that fits: the file it breaks, before and after, and the paths of its tests. */
export interface Fitting {
  readonly mutant: Mutant;
  readonly file: string;
  readonly whole: string;
  readonly broken: string;
  readonly tests: readonly string[];
}

export interface Fitted {
  readonly fitting: readonly Fitting[];
  /** Each of the others with what was looked for. */
  readonly misfits: readonly string[];
}

interface Place {
  readonly declaration: Declaration;
  readonly edit: Edit;
}

/** Finds the place of each mutant in the tree at `root`. */
export function fit(mutants: readonly Mutant[], root: string): Fitted {
  const declarations = readDeclarations(root);
  const tests = globSync('test/**', { cwd: root }).map((one) => one.replaceAll(path.sep, '/'));
  const fitting: Fitting[] = [];
  const misfits: string[] = [];
  for (const mutant of mutants) {
    const one = fitOne(mutant, declarations, tests);
    if (typeof one === 'string') misfits.push(`"${mutant.name}": ${one}`);
    else fitting.push(one);
  }
  return { fitting, misfits };
}

function fitOne(mutant: Mutant, known: Declarations, all: readonly string[]): Fitting | string {
  const { of, does } = mutant;
  const missing = mutant.tests.filter((test) => !all.some((one) => one.endsWith(`/${test}`)));
  if (missing.length > 0) return `no test or directory of tests is named ${missing.join(' or ')}`;
  const tests = all.filter((one) => mutant.tests.some((test) => one.endsWith(`/${test}`)));
  const declarations = declarationsOf(known, of);
  if (declarations.length === 0) return `nothing named ${of} is declared under lambdas/ or infra/`;
  const [place, ...others] = declarations.flatMap((declaration) => placesIn(declaration, mutant));
  if (place === undefined) return `no place fits "${does.words}" in ${listed(declarations)}`;
  if (others.length > 0)
    return `"${does.words}" fits several places: ${[place, ...others].map(lineOf).join(', ')}`;
  const { file, text } = place.declaration.source;
  const { start, end, text: replacement } = place.edit;
  const broken = text.slice(0, start) + replacement + text.slice(end);
  const fault = faultOf(place.declaration.source, broken);
  return fault === undefined
    ? { mutant, file, whole: text, broken, tests }
    : `"${does.words}" at ${lineOf(place)}: ${fault}`;
}

function placesIn(declaration: Declaration, { does }: Mutant): readonly Place[] {
  const { source, node, start, end } = declaration;
  const edits =
    node === undefined
      ? (does.inShell?.(source.text.slice(start, end)) ?? []).map((edit) => ({
          ...edit,
          start: edit.start + start,
          end: edit.end + start,
        }))
      : (does.inCode?.(node) ?? []);
  return edits.map((edit) => ({ declaration, edit }));
}

/** Breakages are to be caught for what they mean, not because a file cannot even be loaded. */
function faultOf({ file, syntax }: Source, broken: string): string | undefined {
  if (syntax === undefined)
    return spawnSync('sh', ['-n'], { input: broken }).status === 0
      ? undefined
      : 'the shell cannot read it then';
  const { diagnostics = [] } = ts.transpileModule(broken, { reportDiagnostics: true });
  if (diagnostics.length > 0) return 'it cannot be parsed then';
  const unknown = unknownNames(syntax, parse(file, broken));
  return unknown.length === 0 ? undefined : `nothing is named ${unknown.join(' or ')} there`;
}

function unknownNames(whole: ts.SourceFile, broken: ts.SourceFile): readonly string[] {
  const identifiers = (node: ts.Node): readonly string[] =>
    within(node).flatMap((one) => (ts.isIdentifier(one) ? [one.text] : []));
  const parameters = within(broken)
    .filter(ts.isParameter)
    .flatMap(({ name }) => identifiers(name));
  const known = new Set([...identifiers(whole), ...parameters]);
  const used = within(broken).flatMap((node) => (ts.isIdentifier(node) ? (usedName(node) ?? []) : []));
  return [...new Set(used)].filter((name) => !known.has(name) && !(name in globalThis));
}

const listed = (declarations: readonly Declaration[]): string =>
  declarations.map(({ source, start }) => lineAt(source, start)).join(', ');

const lineOf = ({ declaration, edit }: Place): string => lineAt(declaration.source, edit.start);

const lineAt = ({ file, text }: Source, offset: number): string =>
  `${file}:${text.slice(0, offset).split('\n').length}`;
