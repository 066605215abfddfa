/** The report's table of ticks: when, woken by what, what was done and why. */
import { summaryOf } from '../history.ts';
import type { History, TickLine } from '../history.ts';
import { calendarDay, clockTime, count, duration } from '../words.ts';
import { Html, html } from './html.ts';

/** Whether anything came of it: an action, a request of a person, a problem, a plan that was not carried out. */
export function didSomething({ answer }: TickLine): boolean {
  if (answer.result === 'recorded' || answer.result === 'invalid') return true;
  const summary = summaryOf(answer);
  if (summary === undefined) return false;
  const acted = Object.values(summary.done).some((times) => times > 0);
  return (
    acted || summary.problems.length > 0 || summary.result === 'refused' || summary.result === 'superseded'
  );
}

/** What is told of a tick, or of a person's order. */
export interface TickRow {
  /** Epoch seconds, as `endedAt`. */
  readonly at: number;
  readonly endedAt: number;
  readonly woken: string;
  readonly what: string;
  readonly why: readonly string[];
  readonly problems: readonly string[];
}

export interface TickTable {
  /** Those that did something, oldest first. */
  readonly rows: readonly TickRow[];
  /** How many ticks there were in all. */
  readonly ticks: number;
}

/** The ticks of a simulated run. */
export const ticksOfRun = ({ ticks, startedAt }: Pick<History, 'ticks' | 'startedAt'>): TickTable => ({
  rows: ticks.filter(didSomething).map((tick) => rowOf(tick, startedAt)),
  ticks: ticks.length,
});

function rowOf({ at, endedAt, woken, answer }: TickLine, startedAt: number): TickRow {
  const summary = summaryOf(answer);
  return {
    at: startedAt + at,
    endedAt: startedAt + endedAt,
    woken,
    what: answer.message,
    why: reasonsOf(summary?.actions ?? []),
    problems: summary?.problems ?? ('problems' in answer ? answer.problems : []),
  };
}

/** This many rows per page at most; a new day begins a new page. */
const PAGE_ROWS = 100;

export function tickTable({ rows, ticks }: TickTable): Html {
  if (rows.length === 0) return html`<p>None of ${count(ticks, 'tick')} had anything to do.</p>`;
  const quiet = count(ticks - rows.length, 'other');
  const pages = pagesOf(rows);
  return html`<p>${count(rows.length, 'tick')}; ${quiet} looked and had nothing to do.</p>
    ${
      pages.length === 1
        ? tableOf(rows)
        : pages.map(
            (page, index) =>
              html`<details ${new Html(index === 0 ? 'open' : '')}>
                <summary>${pageTitle(page)}</summary>
                ${tableOf(page)}
              </details>`,
          )
    }`;
}

function pagesOf(rows: readonly TickRow[]): readonly (readonly TickRow[])[] {
  const days = Map.groupBy(rows, ({ at }) => calendarDay(at));
  return [...days.values()].flatMap((ofDay) =>
    Array.from({ length: Math.ceil(ofDay.length / PAGE_ROWS) }, (_, page) =>
      ofDay.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS),
    ),
  );
}

/** Such as `Monday, 2 March 2026, 12:00 to 23:55: 84 ticks`. */
function pageTitle(page: readonly TickRow[]): string {
  const [first, last] = [page[0]?.at ?? 0, page.at(-1)?.at ?? 0];
  return `${calendarDay(first)}, ${clockTime(first)} to ${clockTime(last)}: ${count(page.length, 'tick')}`;
}

const tableOf = (rows: readonly TickRow[]): Html =>
  html`<div class="scroll">
    <table class="why">
      <thead>
        <tr>
          <th>time (UTC)</th>
          <th>took</th>
          <th>woken by</th>
          <th>what</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(tickRow)}
      </tbody>
    </table>
  </div>`;

const tickRow = ({ at, endedAt, woken, what, why, problems }: TickRow): Html =>
  html`<tr>
    <td>${clockTime(at)}</td>
    <td>${duration(endedAt - at)}</td>
    <td>${woken}</td>
    <td>${what}</td>
    <td>
      ${why.map((reason) => html`<div>${reason}</div>`)}
      ${problems.map((problem) => html`<div class="bad">${problem}</div>`)}
    </td>
  </tr>`;

/** Why: the reason of each action, equal ones of several machines as one line. */
export function reasonsOf(actions: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const [, verb = '', instance = '', reason = ''] = ONE_MACHINE.exec(action) ?? [];
    const words = instance === '' ? action : `${verb}: ${reason}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, times]) => (times === 1 ? words : `${words} (${times} machines)`));
}

/** An action on one instance, such as `terminate i-0123…: drained`. */
const ONE_MACHINE = /^(\w+) (i-[0-9a-f]+): (.*)$/;
