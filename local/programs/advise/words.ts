/** What the advice says in words and as data. */
import type { Advice, Advised } from '../../prove/advise/advise.ts';
import { confidence } from '../../prove/advise/history.ts';
import type { History } from '../../prove/advise/history.ts';
import type { AdviceRow } from '../../prove/advise/row.ts';
import { count, duration } from '../show/words.ts';

const SOURCES: Readonly<Record<History['source'], string>> = {
  journal: 'the journal',
  steps: 'Hydra’s database',
  trace: 'a trace',
};

/** What is read, how far it goes, and how much of it was played. */
export function evidence(history: History, { days, uncovered, advice }: Advised): readonly string[] {
  const { source, steps } = history;
  const isCut = days.best < history.days - 1e-9;
  return [
    `${count(steps, 'step')} in ${inDays(history.days)}, from ${SOURCES[source]}. ${confidence(history)}`,
    ...(days.others === days.best && !isCut
      ? []
      : [
          `Rows with ~ were played on ${inDays(days.others)} of them and put right by today’s row; the others on ${isCut ? inDays(days.best) : 'all'}.`,
        ]),
    ...(uncovered === 0 ? [] : [`${count(uncovered, 'step')} no machine type takes: left out.`]),
    ...(advice.some(({ unit }) => unit === 'hours') ? [UNPRICED] : []),
  ];
}

const UNPRICED =
  'Without prices (--price) cost is machine hours a month, as AWS charges them, and a machine of half the size counts half. Spot lowers the price of an hour, not their number.';

const inDays = (days: number): string => `${days.toFixed(1)} days`;

/** Less than this part of difference, in cost and in wait, is none. */
const ALIKE = 0.03;

const isAlike = (a: number, b: number): boolean => Math.abs(a - b) <= ALIKE * Math.max(Math.abs(b), 1e-9);

/** What to write for a row; undefined where that is not worth a change. */
export function changeFor({ key, today }: Advice, row: AdviceRow): string | undefined {
  if (row === today || (isAlike(row.cost, today.cost) && isAlike(row.wait, today.wait))) return undefined;
  return lineFor(key, row);
}

function lineFor(key: string, { candidate: { changes } }: AdviceRow): string {
  const set = Object.entries(changes).filter(([, value]) => value !== undefined);
  const gone = Object.keys(changes).filter((name) => changes[name] === undefined);
  const lines = set.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(', ');
  const without = gone.length === 0 ? '' : `, without ${gone.map((name) => `"${name}"`).join(', ')}`;
  return `in systemTypes."${key}": ${lines}${without}`;
}

/** The recommendation for a type, in sentences. */
export function recommendation(advice: Advice): readonly string[] {
  const { knee, asSoon, today } = advice;
  const change = changeFor(advice, knee);
  const cheaper = changeFor(advice, asSoon);
  const better =
    change === undefined
      ? ['Leave it as it is: nothing that was tried is worth a change.']
      : [`The knee: ${change}`, `  ${beside(knee, advice)}`];
  const isCheaper = asSoon !== knee && asSoon.cost <= (1 - ALIKE) * today.cost;
  return [
    ...better,
    ...(cheaper === undefined || !isCheaper
      ? []
      : [`At no longer wait than today: ${cheaper}`, `  ${beside(asSoon, advice)}`]),
    ...onSpot(advice),
  ];
}

/** Such as `$120 a month instead of $160, and 5 min of wait instead of 4 min`. */
const beside = (row: AdviceRow, { today, unit }: Advice): string =>
  `${money(row.cost, unit)} a month instead of ${money(today.cost, unit)}, and ${duration(row.wait)} of wait instead of ${duration(today.wait)}`;

function onSpot({ key, today, knee, unit }: Advice): readonly string[] {
  const { market = 'on-demand' } = today.candidate.type;
  if (market !== 'on-demand' || knee.spotCost === undefined || knee.spotCost >= knee.cost) return [];
  return [
    `On spot machines: in systemTypes."${key}": "market": "spot-then-on-demand" as well`,
    `  ${money(knee.spotCost, unit)} a month, and what interruptions cost, which is not known`,
  ];
}

export const money = (value: number, unit: Advice['unit']): string =>
  unit === 'hours' ? `${value.toFixed(value < 10 ? 1 : 0)} h` : `$${value.toFixed(value < 10 ? 2 : 0)}`;

/** What a row is, in a word before it. */
export function markOf(row: AdviceRow, { today, knee, asSoon }: Advice): string {
  if (row === today) return row === knee ? 'today, knee' : 'today';
  if (row === knee) return 'knee';
  if (row === asSoon) return 'as soon';
  return row.isRough ? '~' : '';
}

/** One object that programs can read. Costs and hours are of a month, waits in seconds. */
export const adviceJson = (history: History, advised: Advised): unknown => ({
  ...{ source: history.source, days: history.days, steps: history.steps, uncovered: advised.uncovered },
  ...{ playedDays: advised.days, confidence: confidence(history), unknown: history.unknown },
  violations: advised.violations.length,
  types: advised.advice.map((one) => ({
    ...{ type: one.key, steps: one.steps, unit: one.unit, rows: one.rows.map(rowJson) },
    today: one.today.candidate.name,
    knee: one.knee.candidate.name,
    asSoon: one.asSoon.candidate.name,
    change: changeFor(one, one.knee) ?? null,
  })),
});

const rowJson = ({ candidate, ...row }: AdviceRow): unknown => ({
  ...{ setting: candidate.name, changes: written(candidate.changes) },
  ...{ cost: row.cost, spotCost: row.spotCost, hours: row.hours, workWeightedWait: row.wait },
  ...{ p95: row.p95, maxWait: row.maxWait, starts: row.starts, peak: row.peak, isRough: row.isRough },
});

/** What would have to go is null: JSON has nothing else for it. */
const written = (changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? null]));
