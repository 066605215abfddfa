/** What the plan makes of a decision vector, as a page for people. */
import { wrap } from './cells.ts';
import { span } from './paint.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { VectorResult } from '../../prove/vectors/format.ts';

/** The text, with a line break at the end. */
export function renderResult(result: VectorResult, columns: number, paint: Paint): string {
  const list = (title: string, texts: readonly string[]): readonly string[] =>
    texts.length === 0 ? [] : wrap(`${title}: ${texts.join(', ')}`, columns - 2).map((line) => `  ${line}`);
  return [
    paint(span(result.name, 'bold')),
    ...types(result, columns, paint),
    ...list('start', result.start),
    ...list('listed', result.listed),
    ...list('drained', result.drained),
    ...list('stopped', result.stopped),
    ...list('terminated', result.terminated),
    ...result.problems.flatMap((problem) => list('problem', [problem])),
    '',
  ].join('\n');
}

function types({ wanted, allowed, launch }: VectorResult, columns: number, paint: Paint): readonly string[] {
  const head = [
    { title: 'wanted', align: 'right' },
    { title: 'allowed', align: 'right' },
    { title: 'launch', align: 'right' },
    { title: 'type' },
  ] as const;
  const rows = Object.keys(allowed).map((type) => [
    ...[wanted, allowed, launch].map((numbers) => ({ text: String(numbers[type] ?? 0) })),
    { text: type },
  ]);
  return renderTable(head, rows, columns, paint);
}
