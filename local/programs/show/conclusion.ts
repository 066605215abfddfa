/** The end of a run for people: on what terms it was made, how it ended in numbers, and what went wrong meanwhile. */
import { wrap } from './cells.ts';
import { timesOf } from './history.ts';
import type { History } from './history.ts';
import { painter } from './paint.ts';
import type { Paint } from './paint.ts';
import { renderSummary } from './summary-table.ts';
import { renderTable } from './table.ts';

/** Of each list; the report has them all. */
const SHOWN = 5;

/** The text, its lines at most `columns` cells wide, with a line break at the end. */
export function renderConclusion(history: History, columns: number, colour: boolean): string {
  const { summary } = history;
  const paint = painter(colour);
  const terms = summary.terms.flatMap((term) => wrap(term, columns - 2).map((line) => `  ${line}`));
  return [
    ...(terms.length === 0 ? [] : [paint({ text: history.title, style: 'bold' }), ...terms, '']),
    renderSummary(summary, columns, colour).trimEnd(),
    ...problems(history, columns, paint),
    ...violations(history, columns, paint),
    '',
  ].join('\n');
}

function problems(history: History, columns: number, paint: Paint): readonly string[] {
  const { problems: met } = history.summary;
  const tellTime = timesOf(history);
  const head = [{ title: 'ticks', align: 'right' }, { title: 'last' }, { title: 'what' }] as const;
  const rows = met
    .slice(0, SHOWN)
    .map(({ what, ticks, lastAt }) => [
      { text: String(ticks) },
      { text: tellTime(history.startedAt + lastAt) },
      { text: what },
    ]);
  return section('PROBLEMS THE TICKS MET', renderTable(head, rows, columns, paint), met.length, paint);
}

function violations(history: History, columns: number, paint: Paint): readonly string[] {
  const tellTime = timesOf(history);
  const head = [{ title: 'rule', align: 'right' }, { title: 'time' }, { title: 'what' }] as const;
  const rows = history.violations
    .slice(0, SHOWN)
    .map(({ rule, at, what }) => [
      { text: String(rule) },
      { text: tellTime(history.startedAt + at) },
      { text: what },
    ]);
  return section('RULES BROKEN', renderTable(head, rows, columns, paint), history.violations.length, paint);
}

function section(title: string, lines: readonly string[], total: number, paint: Paint): readonly string[] {
  if (lines.length === 0) return [];
  const more = total > SHOWN ? [`  … and ${total - SHOWN} more`] : [];
  return ['', paint({ text: title, style: 'bold' }), ...lines, ...more];
}
