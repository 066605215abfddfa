/** JSON as people write it: comments, trailing commas and a byte order mark are fine, a doubled key is reported. */
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

/** Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The text is not JSON; the message says what was expected, `place` where. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** A key that stands more than once in its object. */
export interface DoubledKey {
  /** Such as `systemTypes.x86_64-linux`. */
  readonly path: string;
  /** Where it stands first. */
  readonly first: Place;
  /** Where it stands again. */
  readonly place: Place;
}

/** One way to read a text. A text with doubled keys has several: each of the namesakes may be the one that counts. */
export interface JsonReading {
  readonly value: unknown;
  /** Where the key or list entry at a path such as `host.user` stands; undefined for what does not. */
  readonly placeOf: (path: string) => Place | undefined;
}

export interface JsonText {
  /** As JSON.parse would read it: of doubled keys the last one counts. */
  readonly reading: JsonReading;
  readonly doubledKeys: readonly DoubledKey[];
  /** One for each doubled key, in which the earlier one counts; with the key's path. */
  readonly otherReadings: readonly (JsonReading & { readonly path: string })[];
}

const BYTE_ORDER_MARK = '\uFEFF';

/** @throws JsonTextError */
export function readJsonText(written: string): JsonText {
  try {
    return read(written);
  } catch (error) {
    // Parser and readers of its tree call themselves once per level.
    if (!(error instanceof RangeError)) throw error;
    throw new JsonTextError('is nested too deeply', { line: 1, column: 1 });
  }
}

function read(written: string): JsonText {
  const text = written.startsWith(BYTE_ORDER_MARK) ? written.slice(1) : written;
  const root = treeOf(text);
  const placeAt = placesIn(text);
  const doubles = doublesIn(root, '');
  const readingOf = (tree: Node): JsonReading => ({
    value: valueOf(tree),
    placeOf: (path) => {
      const offset = offsetOf(tree, path);
      return offset === undefined ? undefined : placeAt(offset);
    },
  });
  return {
    reading: readingOf(root),
    doubledKeys: doubles.map(({ path, earlier, later }) => ({
      path,
      first: placeAt(earlier.offset),
      place: placeAt(later.offset),
    })),
    otherReadings: doubles.map(({ path, earlier }) => ({ path, ...readingOf(choosing(root, earlier)) })),
  };
}

function treeOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) throw new JsonTextError(inWords(first, text), placesIn(text)(first.offset));
  // Only an error leaves no tree behind.
  if (root === undefined) throw new JsonTextError('is empty', { line: 1, column: 1 });
  return root;
}

/** What follows from a first error is no news. */
function inWords({ error, offset, length }: ParseError, text: string): string {
  if (text.trim() === '') return 'is empty; it must hold an object in { }';
  const code = printParseErrorCode(error);
  const found = text.slice(offset, offset + Math.min(length, 20)).trim();
  const at = found === '' ? 'at its end' : `at ${JSON.stringify(found)}`;
  const expected: Readonly<Record<string, string>> = {
    InvalidSymbol:
      'keys and text stand in double quotes, and other words than true, false and null mean nothing',
    InvalidNumberFormat: 'this is no number',
    PropertyNameExpected: 'a key in double quotes is missing',
    ValueExpected: 'a value is missing',
    ColonExpected: 'a colon is missing behind the key',
    CommaExpected: 'a comma is missing',
    CloseBraceExpected: 'a closing } is missing',
    CloseBracketExpected: 'a closing ] is missing',
    EndOfFileExpected: 'nothing may follow the closing }',
    UnexpectedEndOfComment: 'a comment is not closed by */',
    UnexpectedEndOfString: 'a closing double quote is missing in this line',
    InvalidEscapeCharacter: 'this is no escape sequence: a backslash is written \\\\',
    InvalidUnicode: 'this is no escape sequence: \\u takes four hexadecimal digits',
    InvalidCharacter: 'a control character must be written as an escape sequence',
  };
  return `is not JSON ${at}: ${expected[code] ?? code}`;
}

function placesIn(text: string): (offset: number) => Place {
  return (offset) => {
    const before = text.slice(0, offset).split(/\r\n|\r|\n/);
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  };
}

interface Property {
  readonly key: string;
  /** Key and value together. */
  readonly node: Node;
  readonly value: Node;
}

function propertiesOf(node: Node): readonly Property[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key === undefined || value === undefined
      ? []
      : [{ key: String(key.value), node: property, value }];
  });
}

/** Objects without a prototype's help: `__proto__` is a key like any other. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(propertiesOf(node).map(({ key, value }) => [key, valueOf(value)]));
}

interface Doubled {
  readonly path: string;
  readonly earlier: Node;
  readonly later: Node;
}

function doublesIn(node: Node, path: string): readonly Doubled[] {
  const below = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, index) => doublesIn(child, below(index)));
  const seen = new Map<string, Node>();
  return propertiesOf(node).flatMap(({ key, node: later, value }) => {
    const earlier = seen.get(key);
    seen.set(key, later);
    const own = earlier === undefined ? [] : [{ path: below(key), earlier, later }];
    return [...own, ...doublesIn(value, below(key))];
  });
}

/** The tree in which `property` is the last of its namesakes. */
function choosing(node: Node, property: Node): Node {
  const children = node.children ?? [];
  const at = children.indexOf(property);
  if (at >= 0) return { ...node, children: [...children.toSpliced(at, 1), property] };
  return children.length === 0
    ? node
    : { ...node, children: children.map((child) => choosing(child, property)) };
}

/** Keys may have dots in them, so the longest that fits is tried first. */
function offsetOf(node: Node, path: string): number | undefined {
  if (node.type === 'array') {
    const [index = '', ...rest] = path.split('.');
    const entry = /^\d+$/.test(index) ? node.children?.[Number(index)] : undefined;
    if (entry === undefined) return undefined;
    return rest.length === 0 ? entry.offset : (offsetOf(entry, rest.join('.')) ?? entry.offset);
  }
  const fitting = propertiesOf(node)
    .filter(({ key }) => path === key || path.startsWith(`${key}.`))
    .reverse()
    .toSorted((a, b) => b.key.length - a.key.length);
  for (const { key, node: property, value } of fitting) {
    if (key === path) return property.offset;
    const inner = offsetOf(value, path.slice(key.length + 1));
    if (inner !== undefined) return inner;
  }
  return undefined;
}
