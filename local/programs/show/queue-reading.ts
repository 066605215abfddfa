/** What was read in a saved queue status, as a page for people. */
import { wrap } from './cells.ts';
import { span } from './paint.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface QueueReading {
  readonly file: string;
  readonly trusted: boolean;
  readonly reason: string;
  /** Steps by their kind. */
  readonly runnable: Readonly<Record<string, number>>;
  readonly running: Readonly<Record<string, number>>;
  readonly machines: readonly {
    readonly host: string;
    readonly listed: boolean;
    readonly currentJobs: number;
    /** Epoch seconds. */
    readonly idleSince?: number | undefined;
    readonly disabledUntil?: number | undefined;
  }[];
}

/** The text, with a line break at the end. */
export function renderReading(reading: QueueReading, columns: number, paint: Paint): string {
  const { file, trusted, reason } = reading;
  const verdict = `${trusted ? 'trusted' : 'not trusted'}: ${reason}`;
  return [
    paint(span(file, 'bold')),
    ...wrap(verdict, columns - 2).map((line) => `  ${paint(span(line, trusted ? 'green' : 'yellow'))}`),
    ...steps(reading, columns, paint),
    ...machines(reading, columns, paint),
    '',
  ].join('\n');
}

function steps({ runnable, running }: QueueReading, columns: number, paint: Paint): readonly string[] {
  const head = [
    { title: 'runnable', align: 'right' },
    { title: 'running', align: 'right' },
    { title: 'steps' },
  ] as const;
  const rows = Object.entries(runnable).map(([kind, number]) => [
    { text: String(number) },
    { text: String(running[kind] ?? 0) },
    { text: kind },
  ]);
  return renderTable(head, rows, columns, paint);
}

function machines({ machines: seen }: QueueReading, columns: number, paint: Paint): readonly string[] {
  const head = [
    { title: 'machine' },
    { title: 'jobs', align: 'right' },
    { title: 'listed' },
    { title: 'state' },
  ] as const;
  const rows = seen.map(({ host, currentJobs, listed, idleSince, disabledUntil }) => [
    { text: host },
    { text: String(currentJobs) },
    { text: listed ? 'yes' : 'no' },
    {
      text: [
        ...(idleSince === undefined ? [] : [`idle since ${instant(idleSince)}`]),
        ...(disabledUntil === undefined ? [] : [`disabled until ${instant(disabledUntil)}`]),
      ].join(', '),
    },
  ]);
  return renderTable(head, rows, columns, paint);
}

/** To the second, in UTC: statuses are of any day. */
const instant = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
