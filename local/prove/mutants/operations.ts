/**
 * The ways to break a declaration. Places go by what is mentioned there: names of variables, functions and properties,
 * and whole strings and numbers. Of places that lie within each other the innermost counts.
 */
import ts from 'typescript';
import type { Edit, Operation } from './operation.ts';
import { commandsIn, wordsIn } from './shell.ts';
import {
  branchWith,
  innermost,
  isCondition,
  isDispensable,
  listWith,
  mentions,
  usedName,
  within,
} from './syntax.ts';

/** What comes in the place of an expression: its text, or what is made of the old one's. */
type Change = string | ((old: string) => string);

/** The constant, variable or property has another value. */
export const is = (value: Change): Operation => ({
  words: `is ${inWords(value)}`,
  inCode: (node) =>
    (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.initializer !== undefined
      ? [changed(node.initializer, value)]
      : [],
});

/** A condition is another one: a comparison, an operand of a logical operator, or what `if`, `while` and `?` test. */
export const when = (mentioned: readonly string[], condition: Change): Operation => ({
  words: `the condition with ${mentioned.join(' and ')} becomes ${inWords(condition)}`,
  inCode: (declaration) =>
    placesIn(declaration, isCondition, mentioned).map((node) => changed(node, condition)),
});

/** A condition always holds; in a script, a command that has these words always succeeds. */
export const always = (...mentioned: readonly string[]): Operation => ({
  ...when(mentioned, 'true'),
  inShell: (script) =>
    commandsIn(script)
      .filter(({ words }) => mentioned.every((word) => words.includes(word)))
      .map(({ start, end }) => ({ start, end, text: 'true' })),
});

/** A condition never holds. */
export const never = (...mentioned: readonly string[]): Operation => when(mentioned, 'false');

/** Of the two branches of `? :` the one that mentions these is always taken. */
export const chooses = (...mentioned: readonly string[]): Operation => ({
  words: `takes always the branch with ${mentioned.join(' and ')}`,
  inCode: (declaration) =>
    innermost(within(declaration).filter((node) => branchWith(node, mentioned) !== undefined)).map((node) =>
      changed(node, branchWith(node, mentioned)?.getText() ?? ''),
    ),
});

/** A statement, an element or property of a literal, or an argument that is not a function is left out. */
export const without = (...mentioned: readonly string[]): Operation => ({
  words: `without what mentions ${mentioned.join(' and ')}`,
  inCode: (declaration) => placesIn(declaration, isDispensable, mentioned).map(leftOut),
});

/** What stands for the value `name`, or with `name()` for a call, is another expression. */
export const replaces = (name: string, other: Change): Operation => ({
  words: `${name} becomes ${inWords(other)}`,
  inCode: (declaration) =>
    within(declaration)
      .filter(
        (node) => (ts.isCallExpression(node) ? `${usedName(node.expression)}()` : usedName(node)) === name,
      )
      .map((node) => changed(node, other)),
});

/** One word of a string, or of a script, is another. */
export const rewords = (word: string, other: string): Operation => ({
  words: `the word ${word} becomes ${other}`,
  inCode: (declaration) =>
    within(declaration).flatMap((node) => {
      if (!ts.isStringLiteralLike(node)) return [];
      const words = node.getText().slice(1, -1).split(' ');
      const index = words.indexOf(word);
      if (index === -1) return [];
      return [{ start: node.getStart() + 1, end: node.end - 1, text: words.with(index, other).join(' ') }];
    }),
  inShell: (script) =>
    wordsIn(script)
      .filter((one) => one.word === word)
      .map(({ start, end }) => ({ start, end, text: other })),
});

const placesIn = (
  declaration: ts.Node,
  isPlace: (node: ts.Node) => boolean,
  mentioned: readonly string[],
): readonly ts.Node[] =>
  innermost(within(declaration).filter((node) => isPlace(node) && mentions(node, mentioned)));

function leftOut(node: ts.Node): Edit {
  const list = ts.isStatement(node) ? undefined : listWith(node);
  if (list === undefined) return { start: node.getStart(), end: node.end, text: ';' };
  const others = list.filter((one) => one !== node).map((one) => one.getText());
  return { start: list.pos, end: list.end, text: others.join(', ') };
}

function changed(node: ts.Node, change: Change): Edit {
  const old = node.getText();
  const text = `(${typeof change === 'string' ? change : change(old)})`;
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
  return { start: node.getStart(), end: node.end, text: isShorthand ? `${old}: ${text}` : text };
}

const inWords = (change: Change): string => (typeof change === 'string' ? change : change('…'));
