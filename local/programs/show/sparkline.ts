/** A row of bars, one cell each. */

/** The lowest bar is nothing at all; anything more than nothing stands out from it. */
const BARS = ['▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOTHING = '▁';

/**
 * `values` in at most `width` cells, oldest first; where cells are short each shows the highest of its values.
 * @param top what the full bar stands for.
 */
export function sparkline(values: readonly number[], width: number, top: number): string {
  const cells = Math.min(width, values.length);
  const bar = (_: unknown, cell: number): string => {
    const from = Math.floor((cell * values.length) / cells);
    const to = Math.floor(((cell + 1) * values.length) / cells);
    const highest = Math.max(...values.slice(from, to));
    if (!(highest > 0)) return NOTHING;
    const level = Math.ceil((highest / Math.max(top, highest)) * BARS.length) - 1;
    return BARS[level] ?? BARS[0];
  };
  return Array.from({ length: Math.max(0, cells) }, bar).join('');
}

/** `part` of 1 as a bar of `width` cells: what is done, and the rest. */
export function progress(part: number, width: number): readonly [done: string, rest: string] {
  const filled = Math.round(Math.min(1, Math.max(0, Number.isFinite(part) ? part : 0)) * width);
  return ['━'.repeat(filled), '─'.repeat(width - filled)];
}
