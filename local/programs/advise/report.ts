/** The advice as a page: one plot and one table a machine type. */
import type { Advice, Advised } from '../../prove/advise/advise.ts';
import type { History } from '../../prove/advise/history.ts';
import { frontOf } from '../../prove/advise/knee.ts';
import type { AdviceRow } from '../../prove/advise/row.ts';
import { html } from '../show/report/html.ts';
import type { Html } from '../show/report/html.ts';
import { renderPage } from '../show/report/page.ts';
import { count, duration } from '../show/words.ts';
import { LAST_TITLE, numbersOf } from './table.ts';
import { evidence, markOf, money, recommendation } from './words.ts';

/** @returns a whole page. */
export const renderAdvice = (history: History, advised: Advised): string =>
  renderPage({
    title: 'What waiting costs',
    header: header(history, advised),
    main: html`${advised.advice.map(section)} ${unknown(history)}`,
    data: { plots: advised.advice.map(plotOf) },
    script: 'wait-and-money.js',
  });

const header = (history: History, advised: Advised): Html =>
  html`<header>
    <p class="over">hydra-autoscaler, advice from a queue’s own history</p>
    <h1>What waiting costs</h1>
    <p>
      What arrived in the queue was played through the autoscaler’s own code, once for each row, with other
      settings. Wait is the mean time from queued to started, in which a step counts by its work.
    </p>
    ${evidence(history, advised).map((text) => html`<p class="term">${text}</p>`)}
  </header>`;

function section(advice: Advice, index: number): Html {
  return html`<figure>
    <figcaption>
      <b>${advice.key}</b>
      <span
        >${count(advice.steps, 'step')}. The line joins what nothing beats; before the knee half the wait
        costs more than a quarter more.</span
      >
    </figcaption>
    <div class="plot" id="plot-${index}" tabindex="0" role="img" aria-label="${inWords(advice)}">
      <noscript>The chart needs JavaScript; the table below does not.</noscript>
    </div>
    ${recommendation(advice).map((line) => html`<p class="term">${line}</p>`)} ${table(advice)}
  </figure>`;
}

function inWords(advice: Advice): string {
  const told = (name: string, { cost, wait }: AdviceRow): string =>
    `${name} ${money(cost, advice.unit)} a month at ${duration(wait)} of wait`;
  return `Cost against wait: ${told('today', advice.today)}, ${told('the knee', advice.knee)}. The table below has every point.`;
}

function table(advice: Advice): Html {
  const numbers = numbersOf(advice);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th></th>
          ${numbers.map(([title]) => html`<th>${title}</th>`)}
          <th>${LAST_TITLE}</th>
        </tr>
      </thead>
      <tbody>
        ${advice.rows.map(
          (row) =>
            html`<tr>
              <td>${markOf(row, advice)}</td>
              ${numbers.map(([, of]) => html`<td>${of(row)}</td>`)}
              <td>${row.candidate.name}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const unknown = (history: History): Html =>
  html`<section>
    <h2>What cannot be known from it</h2>
    <ul>
      ${history.unknown.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;

/** Minutes and cost of each row, the shortest wait first; null where a series has no point. */
function plotOf(advice: Advice): unknown {
  const { rows, today, knee, unit } = advice;
  const front = new Set(frontOf(rows));
  const rounded = (value: number): number => Number(value.toPrecision(4));
  const where = (has: (row: AdviceRow) => boolean): readonly (number | null)[] =>
    rows.map((row) => (has(row) ? rounded(row.cost) : null));
  return {
    unit,
    names: rows.map(({ candidate }) => candidate.name),
    waits: rows.map(({ wait }) => rounded(wait / 60)),
    all: where(() => true),
    front: where((row) => front.has(row)),
    today: where((row) => row === today),
    knee: where((row) => row === knee),
  };
}
