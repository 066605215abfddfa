/** The machines table of the live view. */
import { columnWidth, left, right } from './cells.ts';
import type { MachineLine } from './history.ts';
import { span } from './paint.ts';
import type { Span } from './paint.ts';
import { byAttention, phaseCounts, terminalStyle } from './phases.ts';
import { wholeMinutes } from './words.ts';

/** Below this many columns, instance ids are shortened to leave room for reasons. */
const FULL_ID_COLUMNS = 120;
/** More slots than this are told in numbers. */
const DRAWN_SLOTS = 8;

type Line = readonly Span[];

/** The table in at most `rows` lines, its head included; what does not fit is counted in the last line. */
export function machineTable(
  machines: readonly MachineLine[],
  columns: number,
  rows: number,
): readonly Line[] {
  if (machines.length === 0 || rows < 2) return [[span('  no machine', 'dim')]].slice(0, rows);
  const sorted = machines.toSorted(
    (a, b) => byAttention(a.phase, b.phase) || compare(a.type, b.type) || compare(a.machine, b.machine),
  );
  const room = rows - 1;
  const shown = sorted.length <= room ? sorted : sorted.slice(0, room - 1);
  const widths = widthsFor(machines, columns);
  const more = remainder(sorted.slice(shown.length));
  return [
    head(widths),
    ...shown.map((machine) => row(machine, widths)),
    ...(more === '' ? [] : [[span(more, 'dim')]]),
  ];
}

/** Each 0 where the column is left out. */
interface Widths {
  readonly id: number;
  readonly type: number;
  readonly phase: number;
  readonly slots: number;
  readonly paid: number;
  readonly price: number;
}

/** Of the paid time that is left: as wide as its head. */
const PAID_WIDTH = 8;
/** Of dollars an hour. */
const PRICE_WIDTH = 6;

function widthsFor(machines: readonly MachineLine[], columns: number): Widths {
  const isWide = columns >= FULL_ID_COLUMNS;
  return {
    id: columnWidth(
      machines.map(({ machine }) => machine),
      7,
      isWide ? 19 : 10,
    ),
    type: columnWidth(
      machines.map(({ type }) => type),
      4,
      isWide ? 36 : 15,
    ),
    phase: columnWidth(
      machines.map(({ phase }) => phase),
      8,
      11,
    ),
    slots: machines.some(({ slots }) => slots !== undefined) ? columnWidth(machines.map(slotsOf), 5, 11) : 0,
    paid: machines.some(({ slots }) => slots !== undefined) ? PAID_WIDTH : 0,
    price: machines.some(({ dollarsPerHour }) => dollarsPerHour !== undefined) ? PRICE_WIDTH : 0,
  };
}

const head = (widths: Widths): Line => [
  span(
    `  ${left('machine', widths.id)} ${left('type', widths.type)} ${left('phase', widths.phase)} ` +
      `${cell(left('slots', widths.slots))}${cell(right('paid for', widths.paid))}${cell(right('$/h', widths.price))} why`,
    'dim',
  ),
];

/** With the space behind it, unless it has no width. */
const cell = (text: string): string => (text === '' ? '' : `${text} `);

function row(machine: MachineLine, widths: Widths): Line {
  const { phase, paidSecondsLeft, dollarsPerHour, reason } = machine;
  const price = dollarsPerHour?.toFixed(3) ?? '–';
  const paid = paidSecondsLeft === undefined ? '' : wholeMinutes(paidSecondsLeft);
  return [
    span(`  ${left(machine.machine, widths.id)} ${left(machine.type, widths.type)} `),
    span(left(phase, widths.phase), terminalStyle(phase)),
    span(
      ` ${cell(left(slotsOf(machine), widths.slots))}${cell(right(paid, widths.paid))}${cell(right(price, widths.price))} `,
    ),
    span(reason, phase === 'failed' ? 'red' : 'dim'),
  ];
}

/** Such as `▮▮▯▯`; nothing where a machine offers no slot. */
function slotsOf({ busySlots = 0, slots = 0 }: MachineLine): string {
  const busy = Math.min(Math.max(0, busySlots), slots);
  if (slots > DRAWN_SLOTS) return `${busy}/${slots}`;
  return '▮'.repeat(busy) + '▯'.repeat(slots - busy);
}

/** Such as `… and 14 more ready, 2 stopped`; empty for none. */
function remainder(hidden: readonly MachineLine[]): string {
  const counts: Record<string, number> = {};
  for (const { phase } of hidden) counts[phase] = (counts[phase] ?? 0) + 1;
  const [first, ...others] = phaseCounts(counts).map(({ phase, count }) => ({ count, phase }));
  if (first === undefined) return '';
  return [
    `  … and ${first.count} more ${first.phase}`,
    ...others.map(({ count, phase }) => `${count} ${phase}`),
  ].join(', ');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
