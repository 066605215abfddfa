/** The report of a run: one HTML file that opens from disk and needs nothing else. */
import { timesOf } from './history.ts';
import type { History, ProblemLine } from './history.ts';
import { html } from './report/html.ts';
import type { Html } from './report/html.ts';
import { figure } from './report/figure.ts';
import { renderPage } from './report/page.ts';
import type { Plot } from './report/plot.ts';
import { plotsOf } from './report/plots.ts';
import { tickTable } from './report/ticks.ts';
import { summaryRows } from './summary-table.ts';
import type { SummaryRow } from './summary-table.ts';
import { count, period } from './words.ts';

/** @returns a whole page. */
export function renderReport(history: History): string {
  const plots = plotsOf(history);
  return renderPage({
    title: history.title,
    header: header(history),
    main: html`<section class="tiles">${tiles(history)}</section>
      ${violations(history)} ${faults(history)} ${plots.map((plot) => figure(plot, timesOf(history)))}
      ${problems(history)}
      <section>
        <h2>Ticks that did something</h2>
        ${tickTable(history)}
      </section>`,
    data: dataOf(history, plots),
    script: 'charts.js',
  });
}

function header({ title, startedAt, summary }: History): Html {
  const end = startedAt + summary.virtualHours * 3600;
  return html`<header>
    <p class="over">hydra-autoscaler, simulated run</p>
    <h1>${title}</h1>
    <p>
      ${period(startedAt, end)} UTC of simulated time. EC2 builders follow the queue of a Hydra server: when
      builds wait, machines are launched for them; when machines are not needed any more, they drain and go.
      Move over a chart to read its values, drag to zoom in, double-click to zoom out; or go to it with Tab
      and use the arrow keys, + and &minus;.
    </p>
    ${summary.terms.map((term) => html`<p class="term">${term}</p>`)}
  </header>`;
}

/** All rows but the first: the time that was simulated stands in the header. */
const tiles = ({ summary }: History): readonly Html[] => summaryRows(summary).slice(1).map(tile);

const tile = ({ name, value, note, mood }: SummaryRow): Html =>
  html`<div class="tile ${mood ?? ''}"><b>${value}</b><span>${name}</span><small>${note}</small></div>`;

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

function problems(history: History): Html {
  const { startedAt, summary } = history;
  const tellTime = timesOf(history);
  if (summary.problems.length === 0) return html``;
  const row = ({ what, ticks, firstAt, lastAt }: ProblemLine): Html =>
    html`<tr>
      <td>${ticks}</td>
      <td>${tellTime(startedAt + firstAt)}</td>
      <td>${tellTime(startedAt + lastAt)}</td>
      <td>${what}</td>
    </tr>`;
  return html`<section>
    <h2>Problems the ticks met</h2>
    <div class="scroll">
      <table class="why">
        <thead>
          <tr>
            <th>ticks</th>
            <th>first (UTC)</th>
            <th>last (UTC)</th>
            <th>what</th>
          </tr>
        </thead>
        <tbody>
          ${summary.problems.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function dataOf({ violations: broken, faults: struck, startedAt }: History, plots: readonly Plot[]): unknown {
  return {
    plots: plots.filter(({ series }) => series.length > 0),
    marks: [
      ...struck.map(({ at }) => ({ kind: 'fault', at: startedAt + at })),
      ...broken.map(({ at }) => ({ kind: 'rule', at: startedAt + at })),
    ],
  };
}
