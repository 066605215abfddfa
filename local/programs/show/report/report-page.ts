/** The page that every report is: what it is about, numbers, plots, problems, ticks. */
import type { ProblemLine } from '../history.ts';
import type { SummaryRow } from '../summary-table.ts';
import type { TellTime } from '../words.ts';
import { figure } from './figure.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { renderPage } from './page.ts';
import type { Plot } from './plot.ts';
import { tickTable } from './ticks.ts';
import type { TickTable } from './ticks.ts';

/** Something at an instant that the plots show as a line. */
export interface Mark {
  /** `rule`: one was broken; `fault`: on purpose; `order`: of a person; `setback`: AWS refused or took something. */
  readonly kind: 'rule' | 'fault' | 'order' | 'setback';
  /** Epoch seconds. */
  readonly at: number;
}

export interface Report {
  /** Of what, such as `simulated run`. */
  readonly kind: string;
  readonly title: string;
  /** Which time it is of, as the beginning of a sentence's end. */
  readonly time: string;
  /** What sets it apart from the usual one, a sentence each. */
  readonly terms: readonly string[];
  readonly tiles: readonly SummaryRow[];
  /** What comes before the plots, and behind them. */
  readonly before: Html;
  readonly behind?: Html;
  /** Those without series are told to be empty. */
  readonly plots: readonly Plot[];
  readonly tellTime: TellTime;
  /** With epoch seconds. */
  readonly problems: readonly ProblemLine[];
  readonly ticks: TickTable;
  readonly marks: readonly Mark[];
}

/** @returns a whole page. */
export function renderReportPage(report: Report): string {
  const { title, tiles, before, behind = html``, plots, tellTime, problems, ticks, marks } = report;
  return renderPage({
    title,
    header: header(report),
    main: html`<section class="tiles">${tiles.map(tile)}</section>
      ${before} ${plots.map((plot) => figure(plot, tellTime))} ${behind} ${problemTable(problems, tellTime)}
      <section>
        <h2>Ticks that did something</h2>
        ${tickTable(ticks)}
      </section>`,
    data: { plots: plots.filter(({ series }) => series.length > 0), marks },
    script: 'charts.js',
  });
}

const header = ({ kind, title, time, terms }: Report): Html =>
  html`<header>
    <p class="over">hydra-autoscaler, ${kind}</p>
    <h1>${title}</h1>
    <p>
      ${time}. EC2 builders follow the queue of a Hydra server: when builds wait, machines are launched for
      them; when machines are not needed any more, they drain and go. Move over a chart to read its values,
      drag to zoom in, double-click to zoom out; or go to it with Tab and use the arrow keys, + and &minus;.
    </p>
    ${terms.map((term) => html`<p class="term">${term}</p>`)}
  </header>`;

const tile = ({ name, value, note, mood }: SummaryRow): Html =>
  html`<div class="tile ${mood ?? ''}"><b>${value}</b><span>${name}</span><small>${note}</small></div>`;

function problemTable(problems: readonly ProblemLine[], tellTime: TellTime): Html {
  if (problems.length === 0) return html``;
  const row = ({ what, ticks, firstAt, lastAt }: ProblemLine): Html =>
    html`<tr>
      <td>${ticks}</td>
      <td>${tellTime(firstAt)}</td>
      <td>${tellTime(lastAt)}</td>
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
          ${problems.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}
