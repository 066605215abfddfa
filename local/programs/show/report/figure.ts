/** A plot's place on the page: title, chart, and the same in words and numbers for whoever does not see it. */
import { duration } from '../words.ts';
import type { TellTime } from '../words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Plot, Series } from './plot.ts';

export function figure(plot: Plot, tellTime: TellTime): Html {
  const { id, title, note, series } = plot;
  const drawing =
    series.length === 0
      ? html`<p class="nothing">Nothing was recorded.</p>`
      : html`<div class="plot" id="plot-${id}" tabindex="0" role="img" aria-label="${inWords(plot)}">
            <noscript>The chart needs JavaScript; the table below does not.</noscript>
          </div>
          <p class="unseen" id="told-${id}" role="status"></p>
          ${table(plot, tellTime)}`;
  return html`<figure>
    <figcaption><b>${title}</b><span>${note}</span></figcaption>
    ${drawing}
  </figure>`;
}

/** Such as `Queue, builds waiting: x86_64-linux 90 at most, aarch64-linux 80 at most`. */
function inWords({ title, unit, series }: Plot): string {
  const peaks = series.map(
    ({ label, values }) => `${label} ${highest(values, 0, values.length) ?? 0} at most`,
  );
  return `${title}, ${unit}: ${peaks.join(', ')}. Arrow keys read its values.`;
}

/** The table has at most this many rows. */
const ROWS_MAX = 24;
const SPANS_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880] as const;

/** The highest values within equal spans of time: what the chart shows at a glance. */
function table({ id, times, series }: Plot, tellTime: TellTime): Html {
  const [start, end] = [times[0] ?? 0, times.at(-1) ?? 0];
  const minutes = SPANS_MINUTES.find((one) => (end - start) / 60 / one <= ROWS_MAX) ?? 7200;
  const told = series.filter(({ shape }) => shape !== 'points');
  const rows: Html[] = [];
  for (let from = start, index = 0; from < end; from += minutes * 60) {
    const first = index;
    while (index < times.length && (times[index] ?? 0) < from + minutes * 60) index += 1;
    rows.push(row(tellTime(from), told, first, index));
  }
  return html`<details>
    <summary>The same as a table: the highest values, ${duration(minutes * 60)} a row</summary>
    <div class="scroll">
      <table id="values-${id}">
        <thead>
          <tr>
            <th>from (UTC)</th>
            ${told.map(({ label }) => html`<th>${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

const row = (time: string, series: readonly Series[], from: number, to: number): Html =>
  html`<tr>
    <td>${time}</td>
    ${series.map(({ values }) => html`<td>${highest(values, from, to) ?? '–'}</td>`)}
  </tr>`;

/** Of the values from one index up to another; null where there is none. */
function highest(values: Series['values'], from: number, to: number): number | null {
  let top: number | null = null;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? null;
    if (value !== null && (top === null || value > top)) top = value;
  }
  return top;
}
