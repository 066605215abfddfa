/** The live view's screen as lines: pure, so that what people see can be tested cell by cell. */
import { columnWidth, left, right, widthOf, wrap } from './cells.ts';
import type { Sample } from './history.ts';
import { machineTable } from './live-machines.ts';
import type { LiveState } from './live-state.ts';
import { paintLine, span } from './paint.ts';
import type { Paint, Span } from './paint.ts';
import { phaseCounts, terminalStyle } from './phases.ts';
import { progress, sparkline } from './sparkline.ts';
import { count, duration, tenths, timeTeller, wholeMinutes } from './words.ts';
import type { TellTime } from './words.ts';

type Line = readonly Span[];

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Below this many rows no line is spent on space between the parts. */
const SPACED_ROWS = 20;
/** Kinds of builds that are shown one by one. */
const SHOWN_KINDS = 5;
const LEAST_DECISIONS = 4;
/** A broken rule is told in at most this many lines. */
const VIOLATION_LINES = 3;

/** At most `size.rows` lines, none wider than `size.columns` cells. */
export function screen(title: string, state: LiveState, size: ScreenSize, paint: Paint): readonly string[] {
  const { columns, rows } = size;
  const gap: readonly Line[] = rows >= SPACED_ROWS ? [[]] : [];
  const top = [
    ...header(title, state, columns),
    ...gap,
    ...queue(state, columns),
    ...gap,
    machinesHead(state),
  ];
  const bottom = counters(state, columns);
  const room = Math.max(0, rows - top.length - bottom.length - 2 * gap.length - 1);
  const forDecisions = Math.max(Math.min(LEAST_DECISIONS, Math.floor(room / 2)), Math.floor(room / 3));
  const machines = machineTable(state.machines, columns, room - forDecisions);
  const told = decisions(state, room - machines.length, columns);
  const body = [
    ...top,
    ...machines,
    ...gap,
    [span('DECISIONS', 'bold'), span('  latest first', 'dim')],
    ...told,
  ];
  const fill = Array.from({ length: Math.max(0, rows - body.length - bottom.length) }, (): Line => []);
  return [...body, ...fill, ...bottom].slice(0, rows).map((line) => paintLine(line, columns, paint));
}

const tellerOf = ({ startedAt, hoursTotal }: LiveState): TellTime =>
  timeTeller(startedAt, startedAt + hoursTotal * 3600);

function header(title: string, state: LiveState, columns: number): readonly Line[] {
  const { at, startedAt, hoursTotal, speed } = state;
  const pace = `${Math.round(speed)}× real time`;
  const time = `${tellerOf(state)(startedAt + at)} UTC`;
  const passed = `${duration(at)} of ${duration(hoursTotal * 3600)}`;
  const [done, rest] = progress(
    at / (hoursTotal * 3600),
    Math.max(0, columns - widthOf(time) - widthOf(passed) - 4),
  );
  return [
    [span(left(title, Math.max(0, columns - widthOf(pace) - 1)), 'bold'), span(` ${pace}`, 'dim')],
    [span(time, 'bold'), span('  '), span(done, 'cyan'), span(rest, 'dim'), span(`  ${passed}`)],
  ];
}

function queue({ sample, recent, machines }: LiveState, columns: number): readonly Line[] {
  const total = sum(sample.waiting);
  const oldest = total > 0 ? `, the oldest ${wholeMinutes(sample.oldestWaitSeconds)}` : '';
  const slots = machines.reduce((all, { phase, slots: of }) => all + (phase === 'ready' ? of : 0), 0);
  const now = `  ${total} waiting${oldest}; ${sample.running} running on ${slots} slots`;
  const window = `  past ${duration(sample.at - (recent[0]?.at ?? sample.at))}`;
  const room = columns - 'QUEUE'.length - widthOf(now);
  const past = recent.length > 0 && widthOf(window) <= room ? right(window, room) : '';
  const kinds = kindsOf(sample, recent);
  const shown = kinds.slice(0, SHOWN_KINDS);
  const hidden = kinds.slice(SHOWN_KINDS);
  const hiddenWaiting = hidden.reduce((all, kind) => all + (sample.waiting[kind] ?? 0), 0);
  const more = `  … and ${count(hidden.length, 'more kind')}, ${hiddenWaiting} waiting`;
  return [
    [span('QUEUE', 'bold'), span(now), span(past, 'dim')],
    ...(shown.length === 0
      ? [[span('  nothing has been waiting', 'dim')]]
      : kindLines(shown, sample, recent, columns)),
    ...(hidden.length === 0 ? [] : [[span(more, 'dim')]]),
  ];
}

function kindLines(
  kinds: readonly string[],
  sample: Sample,
  recent: readonly Sample[],
  columns: number,
): readonly Line[] {
  const name = columnWidth(kinds, 8, Math.floor(columns / 3));
  const room = Math.max(0, columns - name - 12);
  const top = Math.max(1, ...recent.flatMap(({ waiting }) => kinds.map((kind) => waiting[kind] ?? 0)));
  return kinds.map((kind) => [
    span(`  ${left(kind, name)} ${right(String(sample.waiting[kind] ?? 0), 5)}  `),
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
function kindsOf(sample: Sample, recent: readonly Sample[]): readonly string[] {
  const names = [...new Set([...recent, sample].flatMap(({ waiting }) => Object.keys(waiting)))].toSorted();
  if (names.length <= SHOWN_KINDS) return names;
  return names.toSorted((a, b) => (sample.waiting[b] ?? 0) - (sample.waiting[a] ?? 0));
}

function machinesHead({ sample }: LiveState): Line {
  const counts = phaseCounts(sample.machines);
  return [
    span('MACHINES', 'bold'),
    ...counts.flatMap(({ phase, count: number }, index) => [
      span(index === 0 ? '  ' : ' · ', 'dim'),
      span(`${number} ${phase}`, terminalStyle(phase)),
    ]),
  ];
}

/** The latest ones whole, as far as there is room: a reason that is cut off explains nothing. */
function decisions(state: LiveState, rows: number, columns: number): readonly Line[] {
  if (rows < 1) return [];
  const { startedAt, decisions: made } = state;
  if (made.length === 0) return [[span('  nothing yet', 'dim')]];
  const tellTime = tellerOf(state);
  return made
    .slice(-rows)
    .toReversed()
    .flatMap(({ at, text }) => hanging(`  ${tellTime(startedAt + at)}  `, text, columns))
    .slice(0, rows);
}

/** `text` behind `start`, in as many lines as it takes. */
function hanging(start: string, text: string, columns: number): readonly Line[] {
  return wrap(text, Math.max(1, columns - widthOf(start))).map((line, index) => [
    span(index === 0 ? start : ' '.repeat(widthOf(start)), 'dim'),
    span(line),
  ]);
}

function counters(state: LiveState, columns: number): readonly Line[] {
  const { doneBuilds, lostBuilds, billedMachineHours, idleMachineHours, violations, startedAt } = state;
  const last = violations.at(-1);
  const line = [
    span('BUILDS', 'bold'),
    span(` ${doneBuilds} done, `),
    span(`${lostBuilds} lost`, lostBuilds > 0 ? 'red' : undefined),
    span('   MACHINE HOURS', 'bold'),
    span(` ${tenths(billedMachineHours)} billed, ${tenths(idleMachineHours)} idle`),
    span('   RULES', 'bold'),
    last === undefined ? span(' kept', 'green') : span(` ${violations.length} broken`, 'red'),
  ];
  if (last === undefined) return [line];
  const told = `rule ${last.rule} at ${tellerOf(state)(startedAt + last.at)}: ${last.what}`;
  const lines = wrap(told, Math.max(1, columns - 2)).slice(0, VIOLATION_LINES);
  return [line, ...lines.map((text) => [span(`  ${text}`, 'red')])];
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, number) => total + number, 0);
