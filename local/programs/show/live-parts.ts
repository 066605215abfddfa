/** The parts that live views have in common: how they share the rows, the queue's past, machines, decisions. */
import { columnWidth, left, right, widthOf, wrap } from './cells.ts';
import type { MachineLine } from './history.ts';
import { machineTable } from './live-machines.ts';
import { paintLine, span } from './paint.ts';
import type { Paint, Span } from './paint.ts';
import { phaseCounts, terminalStyle } from './phases.ts';
import { sparkline } from './sparkline.ts';
import { count } from './words.ts';
import type { TellTime } from './words.ts';

export type Line = readonly Span[];

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What was decided and why. */
export interface DecisionLine {
  /** As its teller takes it. */
  readonly at: number;
  readonly text: string;
}

/** What a screen is composed of. */
export interface Parts {
  readonly header: readonly Line[];
  readonly queue: readonly Line[];
  /** By phase. */
  readonly phases: Readonly<Record<string, number>>;
  readonly machines: readonly MachineLine[];
  /** The latest last. */
  readonly decisions: readonly DecisionLine[];
  readonly tellTime: TellTime;
  readonly bottom: readonly Line[];
}

/** Below this many rows no line is spent on space between the parts. */
const SPACED_ROWS = 20;
/** Kinds of builds that are shown one by one. */
const SHOWN_KINDS = 5;
const LEAST_DECISIONS = 4;

/** At most `size.rows` lines, none wider than `size.columns` cells. */
export function compose(parts: Parts, size: ScreenSize, paint: Paint): readonly string[] {
  const { columns, rows } = size;
  const gap: readonly Line[] = rows >= SPACED_ROWS ? [[]] : [];
  const top = [...parts.header, ...gap, ...parts.queue, ...gap, machinesHead(parts.phases)];
  const room = Math.max(0, rows - top.length - parts.bottom.length - 2 * gap.length - 1);
  const forDecisions = Math.max(Math.min(LEAST_DECISIONS, Math.floor(room / 2)), Math.floor(room / 3));
  const machines = machineTable(parts.machines, columns, room - forDecisions);
  const told = decisionLines(parts, room - machines.length, columns);
  const body = [
    ...top,
    ...machines,
    ...gap,
    [span('DECISIONS', 'bold'), span('  latest first', 'dim')],
    ...told,
  ];
  const fill = Array.from({ length: Math.max(0, rows - body.length - parts.bottom.length) }, (): Line => []);
  return [...body, ...fill, ...parts.bottom].slice(0, rows).map((line) => paintLine(line, columns, paint));
}

/** How many waited of each kind, at an instant. */
export interface Waiting {
  readonly waiting: Readonly<Record<string, number>>;
}

/** A line for each kind, with its past. @param recent oldest first, `now` the last of them or later. */
export function kindTable(now: Waiting, recent: readonly Waiting[], columns: number): readonly Line[] {
  const kinds = kindsOf(now, recent);
  const shown = kinds.slice(0, SHOWN_KINDS);
  const hidden = kinds.slice(SHOWN_KINDS);
  const hiddenWaiting = hidden.reduce((all, kind) => all + (now.waiting[kind] ?? 0), 0);
  const more = `  … and ${count(hidden.length, 'more kind')}, ${hiddenWaiting} waiting`;
  return [
    ...(shown.length === 0
      ? [[span('  nothing has been waiting', 'dim')]]
      : kindLines(shown, now, recent, columns)),
    ...(hidden.length === 0 ? [] : [[span(more, 'dim')]]),
  ];
}

function kindLines(
  kinds: readonly string[],
  now: Waiting,
  recent: readonly Waiting[],
  columns: number,
): readonly Line[] {
  const name = columnWidth(kinds, 8, Math.floor(columns / 3));
  const room = Math.max(0, columns - name - 12);
  const top = Math.max(1, ...recent.flatMap(({ waiting }) => kinds.map((kind) => waiting[kind] ?? 0)));
  return kinds.map((kind) => [
    span(`  ${left(kind, name)} ${right(String(now.waiting[kind] ?? 0), 5)}  `),
    span(
      sparkline(
        recent.map(({ waiting }) => waiting[kind] ?? 0),
        room,
        top,
      ),
      'cyan',
    ),
  ]);
}

/** The kinds seen waiting, by name; where there are too many to show, those that wait most come first. */
function kindsOf(now: Waiting, recent: readonly Waiting[]): readonly string[] {
  const names = [...new Set([...recent, now].flatMap(({ waiting }) => Object.keys(waiting)))].toSorted();
  if (names.length <= SHOWN_KINDS) return names;
  return names.toSorted((a, b) => (now.waiting[b] ?? 0) - (now.waiting[a] ?? 0));
}

function machinesHead(phases: Parts['phases']): Line {
  const counts = phaseCounts(phases);
  return [
    span('MACHINES', 'bold'),
    ...counts.flatMap(({ phase, count: number }, index) => [
      span(index === 0 ? '  ' : ' · ', 'dim'),
      span(`${number} ${phase}`, terminalStyle(phase)),
    ]),
  ];
}

/** The latest ones whole, as far as there is room: a reason that is cut off explains nothing. */
function decisionLines({ decisions, tellTime }: Parts, rows: number, columns: number): readonly Line[] {
  if (rows < 1) return [];
  if (decisions.length === 0) return [[span('  nothing yet', 'dim')]];
  return decisions
    .slice(-rows)
    .toReversed()
    .flatMap(({ at, text }) => hanging(`  ${tellTime(at)}  `, text, columns))
    .slice(0, rows);
}

/** `text` behind `start`, in as many lines as it takes. */
function hanging(start: string, text: string, columns: number): readonly Line[] {
  return wrap(text, Math.max(1, columns - widthOf(start))).map((line, index) => [
    span(index === 0 ? start : ' '.repeat(widthOf(start)), 'dim'),
    span(line),
  ]);
}
