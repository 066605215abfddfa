/** The screen of the live view of a farm that is not simulated, as lines. */
import { right, widthOf, wrap } from './cells.ts';
import type { WatchState } from './farm-watch.ts';
import { compose, kindTable } from './live-parts.ts';
import type { Line, ScreenSize } from './live-parts.ts';
import { span } from './paint.ts';
import type { Paint } from './paint.ts';
import { count, dayTime, duration, clockTime } from './words.ts';

/** Problems, orders and rests that are told at the bottom. */
const SHOWN_NOTES = 4;

/** @param title whose farm it is. At most `size.rows` lines, none wider than `size.columns` cells. */
export function farmScreen(
  title: string,
  state: WatchState,
  size: ScreenSize,
  paint: Paint,
): readonly string[] {
  const { status } = state;
  const phases: Record<string, number> = {};
  for (const { machines } of status.types)
    for (const [phase, number] of Object.entries(machines)) phases[phase] = (phases[phase] ?? 0) + number;
  return compose(
    {
      header: header(title, state, size.columns),
      queue: queue(state, size.columns),
      phases,
      machines: status.machines.map(({ next, reason, ...machine }) => ({
        ...machine,
        reason: next === undefined ? reason : `next: ${next}: ${reason}`,
      })),
      decisions: state.changes,
      tellTime: clockTime,
      bottom: [...notes(state, size.columns), ...bottom(state)],
    },
    size,
    paint,
  );
}

function header(title: string, { status, at, trouble }: WatchState, columns: number): readonly Line[] {
  const seconds = status.lastTickSecondsAgo;
  const tick = seconds === undefined ? 'no tick yet' : `the last tick ${duration(seconds)} before`;
  const keys = 'q ends';
  const room = Math.max(0, columns - widthOf(title));
  return [
    [span(title, 'bold'), span(widthOf(keys) < room ? right(keys, room) : '', 'dim')],
    [span(`${dayTime(at)} UTC`, 'bold'), span(`  ${tick}; ${status.message}`)],
    ...(trouble === undefined ? [] : [[span(`No newer status: ${trouble}`, 'red')]]),
  ];
}

function queue({ status, recent, at }: WatchState, columns: number): readonly Line[] {
  const now = { waiting: recent.at(-1)?.waiting ?? {} };
  const total = Object.values(now.waiting).reduce((sum, number) => sum + number, 0);
  const isTrusted = status.queue === 'trusted';
  const text = `  ${count(total, 'step')} could start; status ${status.queue}`;
  const past = `  past ${duration(at - (recent[0]?.at ?? at))}`;
  const room = columns - 'QUEUE'.length - widthOf(text);
  return [
    [
      span('QUEUE', 'bold'),
      span(text, isTrusted ? undefined : 'yellow'),
      span(widthOf(past) <= room ? right(past, room) : '', 'dim'),
    ],
    ...kindTable(now, recent, columns),
  ];
}

function notes({ status }: WatchState, columns: number): readonly Line[] {
  const { problems = [], orders, resting } = status;
  const all = [
    ...problems.map((text) => span(`problem: ${text}`, 'red')),
    ...resting.map((text) => span(`rests: ${text}`, 'yellow')),
    ...orders.map((text) => span(`order: ${text}`, 'magenta')),
  ];
  const more = all.length - SHOWN_NOTES;
  return [
    ...all
      .slice(0, SHOWN_NOTES)
      .map(({ text, style }): Line => [span(wrap(text, Math.max(1, columns)).join(' '), style)]),
    ...(more > 0 ? [[span(`… and ${more} more`, 'dim')]] : []),
  ];
}

const bottom = ({ status: { cost } }: WatchState): readonly Line[] => [
  [span('COST', 'bold'), span(` ${cost ?? 'no machine is billed'}`)],
];
