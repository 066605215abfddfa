/** The report of a run: one HTML file that opens from disk and needs nothing else. */
import { timesOf } from './history.ts';
import type { History } from './history.ts';
import { html } from './report/html.ts';
import type { Html } from './report/html.ts';
import { plotsOf } from './report/plots.ts';
import { renderReportPage } from './report/report-page.ts';
import { ticksOfRun } from './report/ticks.ts';
import { summaryRows } from './summary-table.ts';
import { count, period } from './words.ts';

/** @returns a whole page. */
export function renderReport(history: History): string {
  const { title, startedAt, summary, violations: broken, faults: struck } = history;
  const time = `${period(startedAt, startedAt + summary.virtualHours * 3600)} UTC of simulated time`;
  return renderReportPage({
    kind: 'simulated run',
    title,
    time,
    terms: summary.terms,
    // All rows but the first: the time that was simulated stands in the header.
    tiles: summaryRows(summary).slice(1),
    before: html`${violations(history)} ${faults(history)}`,
    plots: plotsOf(history),
    tellTime: timesOf(history),
    problems: summary.problems.map((problem) => ({
      ...problem,
      firstAt: startedAt + problem.firstAt,
      lastAt: startedAt + problem.lastAt,
    })),
    ticks: ticksOfRun(history),
    marks: [
      ...struck.map(({ at }) => ({ kind: 'fault' as const, at: startedAt + at })),
      ...broken.map(({ at }) => ({ kind: 'rule' as const, at: startedAt + at })),
    ],
  });
}

function violations(history: History): Html {
  const { violations: broken, startedAt } = history;
  const tellTime = timesOf(history);
  if (broken.length === 0) return html``;
  return html`<section class="violations">
    <h2>Rules broken</h2>
    <p>Each is a red line in the charts.</p>
    <ul>
      ${broken.map(({ rule, at, what }) => html`<li>${tellTime(startedAt + at)}, rule ${rule}: ${what}</li>`)}
    </ul>
  </section>`;
}

function faults(history: History): Html {
  const { faults: struck, startedAt } = history;
  const tellTime = timesOf(history);
  if (struck.length === 0) return html``;
  return html`<section>
    <h2>Faults on purpose</h2>
    <details>
      <summary>
        ${count(struck.length, 'fault')} that struck at an instant, each a dashed line in the charts
      </summary>
      <ul>
        ${struck.map(({ at, what }) => html`<li>${tellTime(startedAt + at)}: ${what}</li>`)}
      </ul>
    </details>
  </section>`;
}
