/** How a run ended, as a table for people: what, how much, and a sentence where the number alone would puzzle. */
import { left, right, widthOf, wrap } from './cells.ts';
import { idleMachineHours } from './history.ts';
import type { RunSummary } from './history.ts';
import { painter } from './paint.ts';
import type { Style } from './paint.ts';
import { duration, share, tenths } from './words.ts';

export interface SummaryRow {
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  readonly note: string;
  readonly mood?: 'good' | 'bad';
}

/** The rows; the report's tiles are made from the same ones. */
export function summaryRows(summary: RunSummary): readonly SummaryRow[] {
  const { violations } = summary;
  return [
    row('simulated time', duration(summary.virtualHours * 3600), `random seed ${summary.seed}`),
    ...buildRows(summary),
    ...machineRows(summary),
    row('ticks', String(summary.ticks), 'runs of the reconcile function'),
    {
      ...row('rules broken', String(violations), 'judged by what happened in the simulated world'),
      mood: violations > 0 ? 'bad' : 'good',
    },
  ];
}

function buildRows(summary: RunSummary): readonly SummaryRow[] {
  const { buildsLost } = summary;
  const lost = row('steps lost', String(buildsLost), 'with their builder; Hydra tries each again');
  return [
    row('builds done', String(summary.buildsDone), ''),
    buildsLost > 0 ? { ...lost, mood: 'bad' } : lost,
    row(
      'builds failed',
      String(summary.buildsFailed),
      'by themselves, aborted, or with no machine type for them',
    ),
    row('builds left', String(summary.buildsWaiting), 'still in the queue at the end'),
    row(
      'median wait',
      duration(summary.p50WaitSeconds),
      'from queued to started: half of the builds waited less',
    ),
    row('95 % wait', duration(summary.p95WaitSeconds), '95 of 100 builds waited less'),
  ];
}

function machineRows(summary: RunSummary): readonly SummaryRow[] {
  const { billedMachineHours: billed, busyMachineHours: busy } = summary;
  return [
    row('machines launched', String(summary.launches), `${summary.terminations} terminated`),
    row(
      'machine time billed',
      `${tenths(billed)} h`,
      'whole hours or seconds, as each type’s billing is set',
    ),
    row(
      'time at work',
      `${tenths(busy)} h`,
      `${share(busy, billed)} of the time billed; half the slots busy counts half`,
    ),
    row('time idle', `${tenths(idleMachineHours(summary))} h`, 'billed and not at work'),
  ];
}

const row = (name: string, value: string, note: string): SummaryRow => ({ name, value, note });

const STYLES: Readonly<Record<'good' | 'bad', Style>> = { good: 'green', bad: 'red' };
/** Notes narrower than this are no help: they go away before they wrap letter by letter. */
const LEAST_NOTE_WIDTH = 20;

/** The table, its lines at most `columns` cells wide, with a line break at the end. */
export function renderSummary(summary: RunSummary, columns: number, colour: boolean): string {
  const paint = painter(colour);
  const rows = summaryRows(summary);
  const names = Math.max(...rows.map(({ name }) => widthOf(name)));
  const values = Math.max(...rows.map(({ value }) => widthOf(value)));
  const before = names + values + 6;
  const room = columns - before;
  const lines = rows.flatMap(({ name, value, note, mood }) => {
    const notes = room < LEAST_NOTE_WIDTH ? [''] : wrap(note, room);
    const cell = { text: right(value, values), ...(mood === undefined ? {} : { style: STYLES[mood] }) };
    const start = `  ${left(name, names)}  ${paint(cell)}`;
    return notes.map((text, index) =>
      `${index === 0 ? start : ' '.repeat(before - 2)}  ${paint({ text, style: 'dim' })}`.trimEnd(),
    );
  });
  return `${paint({ text: 'SUMMARY', style: 'bold' })}\n${lines.join('\n')}\n`;
}
