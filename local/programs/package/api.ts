/** The reference of what the package exports, made from its docstrings, as Markdown. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import ts from 'typescript';

const ENTRY = 'infra/index.ts';

const HEAD =
  '# The construct\n\nWhat the package `hydra-autoscaler` exports, for CDK apps of your own. Made from the docstrings; do not edit it here.';

type Declaration =
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.VariableDeclaration;

type Row = readonly string[];

/**
 * @param root the project.
 * @throws Error naming what is exported and has no docstring.
 */
export async function apiReference(root: string): Promise<string> {
  const sections = exportsOf(root).map(
    ([name, declaration]) => `## ${name}\n\n${described(name, declaration)}`,
  );
  return format([HEAD, ...sections].join('\n\n'), {
    parser: 'markdown',
    printWidth: 120,
    proseWrap: 'always',
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** What the entry hands on, in its order, as it is declared elsewhere. */
function exportsOf(root: string): readonly (readonly [string, Declaration])[] {
  const entry = parse(join(root, ENTRY));
  return entry.statements.filter(ts.isExportDeclaration).flatMap(({ moduleSpecifier, exportClause }) => {
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier) || !exportClause) return [];
    const source = parse(join(root, dirname(ENTRY), moduleSpecifier.text));
    const names = ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [];
    return names.map((name) => [name, declared(source, name)] as const);
  });
}

function declared(source: ts.SourceFile, wanted: string): Declaration {
  const all = source.statements.flatMap((one): readonly Declaration[] => {
    if (ts.isVariableStatement(one)) return one.declarationList.declarations;
    const isNamed =
      ts.isClassDeclaration(one) ||
      ts.isInterfaceDeclaration(one) ||
      ts.isTypeAliasDeclaration(one) ||
      ts.isFunctionDeclaration(one);
    return isNamed ? [one] : [];
  });
  const found = all.find(({ name }) => name?.getText() === wanted);
  if (found === undefined) throw new Error(`${wanted} is not declared in ${source.fileName}`);
  return found;
}

function described(name: string, declaration: Declaration): string {
  const about = docOf(name, declaration).text;
  if (ts.isClassDeclaration(declaration)) return `${about}\n\n${classMembers(name, declaration)}`;
  if (ts.isInterfaceDeclaration(declaration)) return `${about}\n\n${settings(name, declaration)}`;
  if (ts.isTypeAliasDeclaration(declaration)) return about;
  const callable = ts.isFunctionDeclaration(declaration) ? declaration : declaration.initializer;
  if (callable === undefined || !ts.isFunctionLike(callable)) return about;
  return `${about}\n\n${code(signature(name, callable))}`;
}

function settings(owner: string, { members, heritageClauses }: ts.InterfaceDeclaration): string {
  const rows = members.filter(ts.isPropertySignature).map((member): Row => {
    const name = member.name.getText();
    const { text, byDefault } = docOf(`${owner}.${name}`, member);
    const otherwise = member.questionToken === undefined ? 'needed' : byDefault;
    return [`\`${name}\``, cell(member.type?.getText()), otherwise, text];
  });
  const inherited = (heritageClauses ?? []).flatMap(({ types }) => types.map((type) => type.getText()));
  const beside = inherited.map((name) => `All of [${name}](#${name.toLowerCase()}), and:`);
  return [...beside, table(['prop', 'type', 'default', 'meaning'], rows)].join('\n\n');
}

function classMembers(owner: string, { members }: ts.ClassDeclaration): string {
  const made = members
    .filter(ts.isConstructorDeclaration)
    .flatMap((one) => [code(signature(`new ${owner}`, one)), readDoc(one).text]);
  const rows = members.filter(isPublic).map((member): Row => {
    const name = member.name.getText();
    const { text, byDefault } = docOf(`${owner}.${name}`, member);
    const called = ts.isMethodDeclaration(member) ? signature(name, member) : name;
    return [
      `\`${called}\``,
      cell(member.type?.getText()),
      [text, byDefault && `Default: ${byDefault}.`].join(' '),
    ];
  });
  return [...made, table(['member', 'type', 'meaning'], rows)].join('\n\n');
}

type Member = ts.PropertyDeclaration | ts.MethodDeclaration | ts.GetAccessorDeclaration;

const isPublic = (member: ts.ClassElement): member is Member =>
  (ts.isPropertyDeclaration(member) ||
    ts.isMethodDeclaration(member) ||
    ts.isGetAccessorDeclaration(member)) &&
  !ts.isPrivateIdentifier(member.name) &&
  !member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.OverrideKeyword);

const signature = (name: string, { parameters }: ts.SignatureDeclaration): string =>
  `${name}(${parameters.map((one) => one.getText()).join(', ')})`;

interface Doc {
  readonly text: string;
  /** Empty where none is named. */
  readonly byDefault: string;
}

/** @throws Error where there is none. */
function docOf(name: string, node: ts.Node): Doc {
  const doc = readDoc(node);
  if (doc.text === '') throw new Error(`${name} is exported, and its docstring does not say what it is`);
  return doc;
}

function readDoc(node: ts.Node): Doc {
  const blocks = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tags = blocks.flatMap((block) => block.tags ?? []);
  const tagged = (wanted: string): readonly string[] =>
    tags.filter(({ tagName }) => tagName.text === wanted).map(({ comment }) => inOneLine(comment));
  const text = inOneLine(blocks.at(-1)?.comment);
  const throws = tagged('throws').map((what) => `Throws ${what}`);
  return {
    text: [text, ...throws].filter((part) => part !== '').join(' '),
    byDefault: (tagged('default')[0] ?? '').replace(/^(\w+ )?- /, ''),
  };
}

const inOneLine = (comment: ts.JSDoc['comment']): string =>
  (ts.getTextOfJSDocComment(comment) ?? '').replaceAll(/\s+/g, ' ').trim();

const cell = (type = ''): string => `\`${type.replaceAll(/\s+/g, ' ')}\``;
const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;

const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((one) => one.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
