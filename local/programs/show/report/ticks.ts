/** The report's table of ticks: when, woken by what, what was done and why. */
import type { Summary } from '../../../../lambdas/core/account/summary.ts';
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

/** This many rows per page at most; a new day begins a new page. */
const PAGE_ROWS = 100;

export function tickTable({ ticks, startedAt }: Pick<History, 'ticks' | 'startedAt'>): Html {
  const shown = ticks.filter(didSomething);
  if (shown.length === 0) return html`<p>None of ${count(ticks.length, 'tick')} had anything to do.</p>`;
  const quiet = count(ticks.length - shown.length, 'other');
  const pages = pagesOf(shown, startedAt);
  return html`<p>${count(shown.length, 'tick')}; ${quiet} looked and had nothing to do.</p>
    ${
      pages.length === 1
        ? rowsOf(shown, startedAt)
        : pages.map(
            (page, index) =>
              html`<details ${new Html(index === 0 ? 'open' : '')}>
                <summary>${pageTitle(page, startedAt)}</summary>
                ${rowsOf(page, startedAt)}
              </details>`,
          )
    }`;
}

function pagesOf(ticks: readonly TickLine[], startedAt: number): readonly (readonly TickLine[])[] {
  const days = new Map<string, TickLine[]>();
  for (const tick of ticks) {
    const day = calendarDay(startedAt + tick.at);
    days.set(day, [...(days.get(day) ?? []), tick]);
  }
  return [...days.values()].flatMap((ofDay) =>
    Array.from({ length: Math.ceil(ofDay.length / PAGE_ROWS) }, (_, page) =>
      ofDay.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS),
    ),
  );
}

/** Such as `Monday, 2 March 2026, 12:00 to 23:55: 84 ticks`. */
function pageTitle(page: readonly TickLine[], startedAt: number): string {
  const [first, last] = [page[0]?.at ?? 0, page.at(-1)?.at ?? 0].map((at) => startedAt + at) as [
    number,
    number,
  ];
  return `${calendarDay(first)}, ${clockTime(first)} to ${clockTime(last)}: ${count(page.length, 'tick')}`;
}

const rowsOf = (ticks: readonly TickLine[], startedAt: number): Html =>
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
        ${ticks.map((tick) => tickRow(tick, startedAt))}
      </tbody>
    </table>
  </div>`;

function tickRow(tick: TickLine, startedAt: number): Html {
  const { at, endedAt, woken, answer } = tick;
  const summary = summaryOf(answer);
  const problems = summary?.problems ?? ('problems' in answer ? answer.problems : []);
  return html`<tr>
    <td>${clockTime(startedAt + at)}</td>
    <td>${duration(endedAt - at)}</td>
    <td>${woken}</td>
    <td>${answer.message}</td>
    <td>
      ${reasonsOf(summary).map((reason) => html`<div>${reason}</div>`)}
      ${problems.map((problem) => html`<div class="bad">${problem}</div>`)}
    </td>
  </tr>`;
}

/** Why: the reason of each action, equal ones of several machines as one line. */
export function reasonsOf(summary: Summary | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const action of summary?.actions ?? []) {
    const [, verb = '', instance = '', reason = ''] = ONE_MACHINE.exec(action) ?? [];
    const words = instance === '' ? action : `${verb}: ${reason}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, times]) => (times === 1 ? words : `${words} (${times} machines)`));
}

/** An action on one instance, such as `terminate i-0123…: drained`. */
const ONE_MACHINE = /^(\w+) (i-[0-9a-f]+): (.*)$/;
