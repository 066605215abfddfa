/** A page of charts: one HTML file that opens from disk and needs nothing else. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Html, html, jsonForScript } from './html.ts';

const require = createRequire(import.meta.url);
const packaged = (name: string): Html => new Html(readFileSync(require.resolve(name), 'utf8'));
const comment = ({ text }: Html): Html => new Html(`/*\n${text}*/`);
const beside = (name: string): Html => new Html(readFileSync(new URL(name, import.meta.url), 'utf8'));

export interface Page {
  readonly title: string;
  readonly header: Html;
  readonly main: Html;
  /** What the script draws: JSON in the element with the id `data`. */
  readonly data: unknown;
  /** A file beside this one that draws with uPlot. */
  readonly script: string;
}

/** @returns a whole page; its charts need a browser's JavaScript, everything else none. */
export function renderPage({ title, header, main, data, script }: Page): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        />
        <title>${title} – hydra-autoscaler</title>
        <style>
          ${packaged('uplot/dist/uPlot.min.css')}
          ${beside('page.css')}
        </style>
      </head>
      <body>
        ${header}
        <main>${main}</main>
        <footer>Charts: uPlot by Leon Sorokin, MIT licence. Colours: Okabe and Ito, Paul Tol.</footer>
        <script type="application/json" id="data">
          ${jsonForScript(data)}
        </script>
        <script>
          ${comment(packaged('uplot/LICENSE'))};
          ${packaged('uplot/dist/uPlot.iife.min.js')};
        </script>
        <script>
          ${beside(script)};
        </script>
      </body>
    </html> `;
  return page.text;
}
