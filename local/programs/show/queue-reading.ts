/** What was read in a saved queue status, as a page for people. */
import { wrap } from './cells.ts';
import { span } from './paint.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface QueueReading {
  readonly file: string;
  /** Absent for the C++ one. */
  readonly runner?: 'rust';
  readonly trusted: boolean;
  readonly reason: string;
  /** Steps by their kind. */
  readonly runnable: Readonly<Record<string, number>>;
  readonly running: Readonly<Record<string, number>>;
  readonly machines: readonly {
    readonly host: string;
    /** Of the C++ queue runner: in a machines file now. */
    readonly listed?: boolean;
    /** Of the Rust queue runner: may be given steps now. */
    readonly open?: boolean;
    readonly currentJobs: number;
    /** Epoch seconds. */
    readonly idleSince?: number | undefined;
    readonly disabledUntil?: number | undefined;
    /** Since the queue runner last heard from it. */
    readonly silentSeconds?: number;
    readonly isFailing?: true;
  }[];
  /** What people have to see to, with the remedy. */
  readonly troubles?: readonly string[];
}

/** A machine that pings this seldom, in seconds, is told so. */
const SILENT_SECONDS = 30;

/** The text, with a line break at the end. */
export function renderReading(reading: QueueReading, columns: number, paint: Paint): string {
  const { file, trusted, reason } = reading;
  const verdict = `${trusted ? 'trusted' : 'not trusted'}: ${reason}`;
  return [
    paint(span(file, 'bold')),
    ...wrap(verdict, columns - 2).map((line) => `  ${paint(span(line, trusted ? 'green' : 'yellow'))}`),
    ...steps(reading, columns, paint),
    ...machines(reading, columns, paint),
    ...(reading.troubles ?? []).flatMap((trouble) =>
      wrap(trouble, columns - 2).map((line) => `  ${paint(span(line, 'yellow'))}`),
    ),
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

function machines(
  { runner, machines: seen }: QueueReading,
  columns: number,
  paint: Paint,
): readonly string[] {
  const head = [
    { title: 'machine' },
    { title: 'jobs', align: 'right' },
    { title: runner === undefined ? 'listed' : 'open' },
    { title: 'state' },
  ] as const;
  const rows = seen.map(({ host, currentJobs, listed, open, ...state }) => [
    { text: host },
    { text: String(currentJobs) },
    { text: (listed ?? open) === true ? 'yes' : 'no' },
    { text: stateInWords(state) },
  ]);
  return renderTable(head, rows, columns, paint);
}

type State = Omit<QueueReading['machines'][number], 'host' | 'currentJobs' | 'listed' | 'open'>;

const stateInWords = ({ idleSince, disabledUntil, silentSeconds = 0, isFailing }: State): string =>
  [
    ...(idleSince === undefined ? [] : [`idle since ${instant(idleSince)}`]),
    ...(disabledUntil === undefined ? [] : [`disabled until ${instant(disabledUntil)}`]),
    ...(silentSeconds < SILENT_SECONDS ? [] : [`silent for ${silentSeconds} s`]),
    ...(isFailing === undefined ? [] : ['fails every step']),
  ].join(', ');

/** To the second, in UTC: statuses are of any day. */
const instant = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
