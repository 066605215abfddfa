/** Text in terminal cells: what fits a column, whatever the characters. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** `text` on one line: no escape sequences, control or invisible formatting characters, no half surrogates. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** Cells that `text` (one line, unstyled) takes up; wide characters take two. */
export const widthOf = (text: string): number => stringWidth(text);

/** `text` in at most `width` cells; what is cut away leaves an ellipsis. */
export function cut(text: string, width: number): string {
  const line = oneLine(text);
  if (widthOf(line) <= width) return line;
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(line)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `text` in exactly `width` cells, at the left. */
export function left(text: string, width: number): string {
  const fitting = cut(text, width);
  return fitting + ' '.repeat(Math.max(0, width - widthOf(fitting)));
}

/** `text` in exactly `width` cells, at the right. */
export function right(text: string, width: number): string {
  const fitting = cut(text, width);
  return ' '.repeat(Math.max(0, width - widthOf(fitting))) + fitting;
}

/** The widest of `texts`, in cells, but at least `min` and at most `max`. */
export function columnWidth(texts: readonly string[], min: number, max: number): number {
  return texts.reduce((width, text) => Math.max(width, Math.min(max, widthOf(oneLine(text)))), min);
}

/** `text` broken between words into lines of at most `width` cells; a longer word is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(cut(word, width));
  }
  return lines;
}
