/** Styled pieces of a terminal line. Styles are added last, so that cutting never splits an escape sequence. */
import { styleText } from 'node:util';
import { cut, oneLine, widthOf } from './cells.ts';

export type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Paint = (span: Span) => string;

/** Writes the styles, or leaves them out. */
export function painter(colour: boolean): Paint {
  return ({ text, style }) =>
    colour && style !== undefined && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}

export const span = (text: string, style?: Style): Span => (style === undefined ? { text } : { text, style });

/** The spans as one line of at most `columns` cells. */
export function paintLine(spans: readonly Span[], columns: number, paint: Paint): string {
  let rest = columns;
  let line = '';
  for (const piece of spans) {
    const whole = oneLine(piece.text);
    const text = cut(whole, rest);
    rest -= widthOf(text);
    line += paint({ ...piece, text });
    if (text !== whole) break;
  }
  return line;
}
