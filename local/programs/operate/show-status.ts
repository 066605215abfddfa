/** The farm's status as a page for the terminal. */
import type { FarmStatus } from '../../../lambdas/operate/status.ts';
import type { TypeSummary } from '../../../lambdas/core/account/summary.ts';
import { wrap } from '../show/cells.ts';
import { span } from '../show/paint.ts';
import type { Paint, Style } from '../show/paint.ts';
import { byAttention, phaseCounts, terminalStyle } from '../show/phases.ts';
import { renderTable } from '../show/table.ts';
import { duration } from '../show/words.ts';

/** Of the headings that stand beside their text. */
const HEADED_WIDTH = 'QUEUE  '.length;

export function statusLines(status: FarmStatus, columns: number, paint: Paint): readonly string[] {
  const heading = (text: string): string => paint({ text, style: 'bold' });
  const trusted = status.queue === 'trusted';
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', heading(title), ...lines];
  const list = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`));
  const headed = (title: string, text: string, style?: Style): readonly string[] =>
    wrap(text, columns - HEADED_WIDTH).map((line, index) => {
      const start = index === 0 ? title : '';
      return `${heading(start)}${' '.repeat(HEADED_WIDTH - start.length)}${paint(span(line, style))}`;
    });
  return [
    ...headed('QUEUE', queueWords(status), trusted ? 'green' : 'yellow'),
    ...headed('TICK', `${lastTick(status)}; ${status.message}`),
    ...(status.cost === undefined ? [] : headed('COST', status.cost)),
    ...section('MACHINE TYPES', typeTable(status.types, columns, paint)),
    ...section('MACHINES', machineTable(status, columns, paint)),
    ...section('STEPS NO MACHINE TYPE COVERS', list(uncoveredWords(status))),
    ...section('ORDERS', list(status.orders)),
    ...section('RESTING AFTER A REFUSAL', list(status.resting)),
    ...section('PROBLEMS OF THE LAST TICK', list(status.problems ?? [])),
  ];
}

const queueWords = ({ queue, runner }: FarmStatus): string =>
  runner === undefined ? queue : `${queue}; ${runner}`;

const lastTick = ({ lastTickSecondsAgo: seconds }: FarmStatus): string =>
  seconds === undefined ? 'none yet' : `the last one ${duration(seconds)} ago`;

function uncoveredWords({ uncovered, unsupportedSteps: count }: FarmStatus): readonly string[] {
  const kinds = uncovered.map(
    ({ kind, runnable, running }) => `${kind}: ${runnable} runnable, ${running} running`,
  );
  return count === 0 ? kinds : [...kinds, `No machine at all supports ${count} of the runnable ones.`];
}

function typeTable(types: readonly TypeSummary[], columns: number, paint: Paint): readonly string[] {
  const head = [
    { title: 'type', max: 32 },
    { title: 'runnable', align: 'right' },
    { title: 'wanted', align: 'right' },
    { title: 'allowed', align: 'right' },
    { title: 'machines', max: 36 },
    { title: 'next', max: 20 },
    { title: 'why' },
  ] as const;
  const rows = types.map((type) => [
    { text: type.type, style: 'bold' as const },
    { text: String(type.runnable) },
    { text: String(type.wanted) },
    { text: String(type.allowed) },
    { text: countWords(type.machines) },
    { text: type.verdict, ...(type.verdict === 'paused' ? { style: 'yellow' as const } : {}) },
    { text: type.reason, style: 'dim' as const },
  ]);
  return renderTable(head, rows, columns, paint);
}

const countWords = (machines: Readonly<Record<string, number>>): string =>
  phaseCounts(machines)
    .map(({ phase, count }) => `${count} ${phase}`)
    .join(', ') || 'none';

function machineTable({ machines }: FarmStatus, columns: number, paint: Paint): readonly string[] {
  const head = [
    { title: 'machine' },
    { title: 'type', max: 32 },
    { title: 'phase' },
    { title: 'address', max: 20 },
    { title: '$/h', align: 'right' },
    { title: 'why' },
  ] as const;
  const rows = machines
    .toSorted((a, b) => byAttention(a.phase, b.phase))
    .map(({ machine, type, phase, address, dollarsPerHour, reason, next }) => [
      { text: machine },
      { text: type },
      { text: phase, style: terminalStyle(phase) },
      { text: address ?? '–' },
      { text: dollarsPerHour?.toFixed(3) ?? '–' },
      { text: next === undefined ? reason : `next: ${next}: ${reason}`, style: 'dim' as const },
    ]);
  return renderTable(head, rows, columns, paint);
}
