/** The text of a configuration file: what is set, in order, with a comment above each value that says where it comes from. */
import { wrap } from '../show/cells.ts';
import { originInWords } from './setting.ts';
import type { Json, Setting } from './setting.ts';

const COLUMNS = 100;
const STEP = '  ';

/** The places of a configuration as a tree; what is set stands in its leaves. */
type Tree = Map<string, Tree | Setting>;

/** The configuration without its comments, as a program would read it. */
export const configOf = (settings: readonly Setting[]): Json => valueOf(treeOf(settings));

/**
 * The file's text.
 * @param head what is said at its top, one line each.
 * @param schema where the JSON Schema is, as seen from the file.
 */
export function configText(settings: readonly Setting[], head: readonly string[], schema: string): string {
  const known = new Set<string>();
  const body = linesOf(treeOf(settings), STEP, known);
  const comments = head.flatMap((line) => commentLines(line, STEP));
  return ['{', ...comments, `${STEP}"$schema": ${JSON.stringify(schema)},`, ...body, '}', ''].join('\n');
}

function treeOf(settings: readonly Setting[]): Tree {
  const root: Tree = new Map();
  for (const setting of settings) {
    const inner = setting.path.slice(0, -1).reduce<Tree>((tree, key) => branch(tree, key), root);
    inner.set(setting.path.at(-1) ?? '', setting);
  }
  return root;
}

function branch(tree: Tree, key: string): Tree {
  const there = tree.get(key);
  if (there instanceof Map) return there;
  const made: Tree = new Map();
  tree.set(key, made);
  return made;
}

const valueOf = (tree: Tree): Json =>
  Object.fromEntries(
    [...tree].map(([key, inner]) => [key, inner instanceof Map ? valueOf(inner) : inner.value]),
  );

/** @param known what was said already of a key, so that a second machine type does not repeat the first. */
function linesOf(tree: Tree, indent: string, known: Set<string>): readonly string[] {
  const all = [...tree];
  return all.flatMap(([key, inner], index) => {
    const end = index === all.length - 1 ? '' : ',';
    const name = `${indent}${JSON.stringify(key)}:`;
    if (inner instanceof Map)
      return [`${name} {`, ...linesOf(inner, indent + STEP, known), `${indent}}${end}`];
    return [...said(key, inner, indent, known), `${name} ${literal(inner.value)}${end}`];
  });
}

function said(key: string, setting: Setting, indent: string, known: Set<string>): readonly string[] {
  const words = originInWords(setting);
  const token = `${key} ${words}`;
  if (known.has(token)) return [];
  known.add(token);
  return commentLines(words, indent);
}

const commentLines = (words: string, indent: string): readonly string[] =>
  wrap(words, COLUMNS - indent.length - '// '.length).map((line) => `${indent}// ${line}`);

/** Lists on one line. */
const literal = (value: Json): string =>
  Array.isArray(value) ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]` : JSON.stringify(value);
