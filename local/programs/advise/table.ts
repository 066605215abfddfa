/** The advice for the terminal: a table for each machine type, what to change, and how sure that is. */
import type { Advice, Advised } from '../../prove/advise/advise.ts';
import type { History } from '../../prove/advise/history.ts';
import type { AdviceRow } from '../../prove/advise/row.ts';
import { wrap } from '../show/cells.ts';
import { painter } from '../show/paint.ts';
import type { Paint } from '../show/paint.ts';
import { renderTable } from '../show/table.ts';
import type { Cell, Column } from '../show/table.ts';
import { count, duration } from '../show/words.ts';
import { evidence, markOf, money, recommendation } from './words.ts';

type TellNumber = readonly [title: string, of: (row: AdviceRow) => string];

/** The numbers of a row, as both table and page have them. */
export function numbersOf({ unit, rows }: Advice): readonly TellNumber[] {
  const isSpotKnown = rows.some(({ spotCost }) => spotCost !== undefined);
  const spot: TellNumber = [
    'on spot',
    ({ spotCost }) => (spotCost === undefined ? '' : money(spotCost, unit)),
  ];
  return [
    ['a month', ({ cost }) => money(cost, unit)],
    ...(isSpotKnown ? [spot] : []),
    ['wait', ({ wait }) => duration(wait)],
    ['95 %', ({ p95 }) => duration(p95)],
    ['longest', ({ maxWait }) => duration(maxWait)],
    ['starts', ({ starts }) => starts.toFixed(0)],
    ['peak', ({ peak }) => String(peak)],
  ];
}

export const LAST_TITLE = 'other than today';

export interface Sheet {
  readonly columns: number;
  readonly colour: boolean;
}

export function adviceTable(history: History, advised: Advised, { columns, colour }: Sheet): string[] {
  const paint = painter(colour);
  return [
    ...evidence(history, advised).flatMap((text) => wrap(text, columns)),
    ...advised.advice.flatMap((advice) => typeLines(advice, columns, paint)),
    '',
    'What cannot be known from it:',
    ...history.unknown.flatMap((text) =>
      wrap(text, columns - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
    ),
  ];
}

function typeLines(advice: Advice, columns: number, paint: Paint): readonly string[] {
  const numbers = numbersOf(advice);
  const head: readonly Column[] = [
    { title: '' },
    ...numbers.map(([title]): Column => ({ title, align: 'right' })),
    { title: LAST_TITLE },
  ];
  const cells = advice.rows.map((row): readonly Cell[] => {
    const mark = markOf(row, advice);
    const texts = [mark, ...numbers.map(([, of]) => of(row)), row.candidate.name];
    const style = STYLES[mark];
    return texts.map((text) => ({ text, ...(style === undefined ? {} : { style }) }));
  });
  return [
    '',
    paint({ text: `${advice.key}: ${count(advice.steps, 'step')}`, style: 'bold' }),
    ...renderTable(head, cells, columns, paint),
    ...recommendation(advice).map((line) => `  ${line}`),
  ];
}

const STYLES: Readonly<Record<string, NonNullable<Cell['style']>>> = {
  today: 'yellow',
  'today, knee': 'yellow',
  knee: 'green',
  'as soon': 'green',
};
