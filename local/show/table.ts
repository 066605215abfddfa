/** Aligned tables for the terminal: the last column takes what room is left and wraps. */
import { columnWidth, left, right, wrap } from './cells.ts';
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

/** The last column is never narrower than this, whatever the terminal. */
const LEAST_LAST_WIDTH = 24;
const GAP = '  ';

/** The lines of a table at most `columns` cells wide, where that is possible at all. No rows, no lines. */
export function renderTable(
  head: readonly Column[],
  rows: readonly (readonly Cell[])[],
  columns: number,
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return [];
  const fixed = head
    .slice(0, -1)
    .map(({ title, max = 60 }, index) =>
      columnWidth([title, ...rows.map((row) => row[index]?.text ?? '')], 1, max),
    );
  const before = fixed.reduce((sum, width) => sum + width + GAP.length, GAP.length);
  const last = Math.max(LEAST_LAST_WIDTH, columns - before);
  const titles = head.map(({ title }) => ({ text: title, style: 'dim' as const }));
  return [titles, ...rows].flatMap((row) => renderRow(head, row, fixed, last, paint));
}

function renderRow(
  head: readonly Column[],
  row: readonly Cell[],
  fixed: readonly number[],
  last: number,
  paint: Paint,
): readonly string[] {
  const cells = fixed.map((width, index) => {
    const { text, style } = row[index] ?? { text: '' };
    const aligned = head[index]?.align === 'right' ? right(text, width) : left(text, width);
    return paint(span(aligned, style));
  });
  const { text, style } = row[fixed.length] ?? { text: '' };
  const start = GAP + cells.map((cell) => cell + GAP).join('');
  const indent = ' '.repeat(fixed.reduce((sum, width) => sum + width + GAP.length, GAP.length));
  return wrap(text, last).map((line, index) =>
    `${index === 0 ? start : indent}${paint(span(line, style))}`.trimEnd(),
  );
}
