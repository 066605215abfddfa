/** The page's frame: what is in it comes from its scripts. */
import { html } from '../show/report/html.ts';
import type { Html } from '../show/report/html.ts';

/** How much of the past may be asked for: seconds, with their words. */
export type Spans = readonly (readonly [seconds: number, words: string])[];

/** @param title whose farm it is. */
export const consolePage = (title: string, spans: Spans): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – hydra-autoscaler</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/uPlot.min.css" />
        <link rel="stylesheet" href="/page.css" />
        <link rel="stylesheet" href="/console.css" />
        <script src="/uPlot.iife.min.js" defer></script>
        <script src="/charts.js" defer></script>
        <script src="/main.js" type="module"></script>
      </head>
      <body>
        <header>
          <p class="over">hydra-autoscaler, console</p>
          <h1>${title}</h1>
          <p id="connection" role="status">Asking the farm …</p>
          <noscript><p class="bad">The console needs JavaScript; “npm run operate” does not.</p></noscript>
        </header>
        <main>${now} ${through(spans)}</main>
        <dialog id="dialog" aria-labelledby="dialog-title"></dialog>
        <footer>Charts: uPlot by Leon Sorokin, MIT licence. Colours: Okabe and Ito, Paul Tol.</footer>
      </body>
    </html> `.text;

/** Filled by what the farm answers. */
const now = html`<section id="tiles" class="tiles" aria-label="The farm now"></section>
  <section id="next" aria-label="What the next tick would do"></section>
  <section id="notes" aria-label="Problems, rests and orders"></section>
  <section id="types" aria-label="Machine types"></section>`;

/** Filled by what the journal knows. */
const through = (spans: Spans): Html =>
  html`<section aria-labelledby="machines-title">
      <h2 id="machines-title">Machines</h2>
      <p class="controls">
        <label for="span">The last</label>
        <select id="span">
          ${spans.map(([seconds, words]) => html`<option value="${seconds}">${words}</option>`)}
        </select>
      </p>
      <p id="past-trouble" class="bad" role="status"></p>
      <div id="bars"></div>
    </section>
    <section id="changes" aria-label="What has changed"></section>
    <section aria-labelledby="past-title">
      <h2 id="past-title">The past</h2>
      <p class="quiet">
        Move over a chart to read its values, drag to zoom in, double-click to zoom out; or go to it with Tab
        and use the arrow keys, + and &minus;.
      </p>
      <div id="figures"></div>
      <div id="marks"></div>
    </section>`;

/** Sets the session's cookie and goes to the page from here: a browser that was led here by another page sends no strict cookie. */
export const entrance = (): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="0;url=/" />
        <link rel="icon" href="data:," />
        <title>hydra-autoscaler</title>
      </head>
      <body>
        <p><a href="/">To the console</a></p>
      </body>
    </html> `.text;

export const refusal = (says: string): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>hydra-autoscaler</title>
      </head>
      <body>
        <p>${says}</p>
      </body>
    </html> `.text;
