/** Timeline lines for the terminal: time, what, and as much of the text as the width allows, wrapped. */
import { left, wrap } from '../show/cells.ts';
import { span } from '../show/paint.ts';
import type { Paint, Style } from '../show/paint.ts';
import type { LineKind, TimelineLine } from './timeline.ts';

const STYLES: Readonly<Record<LineKind, Style | undefined>> = {
  day: 'bold',
  entry: 'bold',
  person: 'magenta',
  action: 'green',
  decision: undefined,
  problem: 'red',
  difference: 'yellow',
};
const TIME_WIDTH = 8;
const WHAT_WIDTH = 18;
/** Details stand under their entry. */
const INDENTED: ReadonlySet<LineKind> = new Set(['action', 'decision', 'difference']);
const LEAST_TEXT_WIDTH = 30;

export function timelineText(lines: readonly TimelineLine[], columns: number, paint: Paint): string {
  return lines
    .flatMap((line) => textOf(line, columns, paint))
    .map((line) => `${line}\n`)
    .join('');
}

function textOf({ kind, at, what, text }: TimelineLine, columns: number, paint: Paint): readonly string[] {
  const style = STYLES[kind];
  if (kind === 'day') return ['', paint(span(text, style))];
  const indent = INDENTED.has(kind) ? '  ' : '';
  const start = `${timeOfDay(at)}  ${indent}${left(what, WHAT_WIDTH - indent.length)}  `;
  const room = Math.max(LEAST_TEXT_WIDTH, columns - start.length);
  return wrap(text, room).map((part, index) =>
    index === 0
      ? `${paint(span(timeOfDay(at), 'dim'))}${paint(span(start.slice(TIME_WIDTH), style))}${paint(span(part, style))}`
      : `${' '.repeat(start.length)}${paint(span(part, style))}`,
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', timeStyle: 'medium' });
const timeOfDay = (at: number): string => clock.format(at * 1000);
