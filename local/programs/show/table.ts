/** Aligned tables for the terminal. The last column holds sentences: it takes what room is left, or a line of its own. */
import { columnWidth, oneLine, widthOf, wrap } from './cells.ts';
import { span, type Paint, type Style } from './paint.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Its widest, in cells; the last column has none. */
  readonly max?: number;
}

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** With less room than this, in cells, the last column's sentences stand below their row instead. */
const LEAST_LAST_WIDTH = 40;
const GAP = '  ';
const INDENT = ' '.repeat(6);

/** How all columns but the last stand. */
interface Layout {
  readonly head: readonly Column[];
  readonly widths: readonly number[];
  /** What the last column has beside them; undefined where it stands below. */
  readonly beside: number | undefined;
  readonly columns: number;
  readonly paint: Paint;
}

/** The lines of a table at most `columns` cells wide, where that is possible at all. No rows, no lines. */
export function renderTable(
  head: readonly Column[],
  rows: readonly (readonly Cell[])[],
  columns: number,
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return [];
  const textsOf = (index: number, title: string): readonly string[] => [
    title,
    ...rows.map((row) => row[index]?.text ?? ''),
  ];
  const fixed = head.slice(0, -1);
  const natural = fixed.map(({ title, max = 60 }, index) => columnWidth(textsOf(index, title), 1, max));
  const room = columns - natural.reduce((sum, width) => sum + width + GAP.length, GAP.length);
  const beside = room < LEAST_LAST_WIDTH ? undefined : room;
  const words = fixed.map(({ title }, index) =>
    columnWidth(
      textsOf(index, title).flatMap((text) => oneLine(text).split(' ')),
      1,
      columns,
    ),
  );
  const widths = beside === undefined ? fitted(natural, words, columns - GAP.length) : natural;
  const layout = { head, widths, beside, columns, paint };
  const titles = (beside === undefined ? fixed : head).map(({ title }) => ({
    text: title,
    style: 'dim' as const,
  }));
  return [titles, ...rows].flatMap((row) => renderRow(layout, row));
}

/** `natural` made to fit `room`: the widest column gives way first, down to its longest word, and then beyond. */
function fitted(natural: readonly number[], words: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  for (const least of [words, widths.map(() => 1)]) {
    while (total() > room) {
      const spare = widths.map((width, index) => (width > (least[index] ?? 1) ? width : 0));
      const widest = spare.indexOf(Math.max(...spare));
      if (spare[widest] === 0) break;
      widths[widest] = (widths[widest] ?? 1) - 1;
    }
  }
  return widths;
}

function renderRow(layout: Layout, row: readonly Cell[]): readonly string[] {
  const { widths, beside, columns, paint } = layout;
  const { text, style } = row[widths.length] ?? { text: '' };
  const sentence = (width: number): readonly string[] =>
    text === '' ? [] : wrap(text, width).map((line) => paint(span(line, style)));
  if (beside !== undefined) return fixedLines(layout, row, sentence(beside));
  const isBare = row.every((cell, index) => index === widths.length || cell.text === '');
  return [
    ...(isBare ? [] : fixedLines(layout, row, [])),
    ...sentence(columns - INDENT.length).map((line) => `${INDENT}${line}`),
  ];
}

/** All cells but the last, each wrapped to its column, with the lines of the last one behind them. */
function fixedLines(
  { head, widths, paint }: Layout,
  row: readonly Cell[],
  last: readonly string[],
): readonly string[] {
  const cells = widths.map((width, index) => wrap(row[index]?.text ?? '', width));
  const height = Math.max(1, last.length, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = widths.map((width, index) => {
      const text = cells[index]?.[line] ?? '';
      const painted = paint(span(text, row[index]?.style));
      const padding = ' '.repeat(Math.max(0, width - widthOf(text)));
      return head[index]?.align === 'right' ? padding + painted : painted + padding;
    });
    return [GAP, ...parts.map((part) => part + GAP), last[line] ?? ''].join('').trimEnd();
  });
}
