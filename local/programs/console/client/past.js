/** What the journal knows: bars, charts and marks of the time that is chosen. */
import { drawBars } from './bars.js';
import { el, fill, momentOf, onChange } from './dom.js';

const PERIOD_MILLISECONDS = 30_000;
const span = document.getElementById('span');
const figures = document.getElementById('figures');
let takeAway = () => undefined;

const showBars = onChange((view) => drawBars(document.getElementById('bars'), view));

const KINDS = { order: 'order', setback: 'setback', rule: 'refused plan', fault: 'fault on purpose' };
const showMarks = onChange((marks) =>
  fill(
    document.getElementById('marks'),
    el('h2', {}, 'Orders and setbacks'),
    marks.length === 0
      ? el('p', {}, 'None in this time.')
      : el(
          'ul',
          {
            className: 'changes long',
            tabIndex: 0,
            'aria-label': 'Orders and setbacks',
            'data-key': 'marks',
          },
          marks
            .toReversed()
            .map(({ at, kind, text }) =>
              el('li', {}, el('time', {}, momentOf(at)), ` ${KINDS[kind]}: ${text}`),
            ),
        ),
  ),
);

/** Draws the charts anew, unless somebody reads one. */
const showFigures = onChange(({ figures: html, plots, marks }) => {
  const open = [...figures.querySelectorAll('details[open] table')].map(({ id }) => id);
  takeAway();
  // The console's own HTML, in which every text is escaped; scripts do not run from here in any case.
  figures.innerHTML = html;
  for (const id of open) document.getElementById(id)?.closest('details').setAttribute('open', '');
  takeAway = globalThis.drawPlots({ plots, marks });
});

const isRead = () => figures.matches(':hover') || figures.contains(document.activeElement);

let shown = 0;

async function draw(isAsked) {
  const mine = (shown += 1);
  const trouble = document.getElementById('past-trouble');
  try {
    const response = await fetch(`/past?seconds=${encodeURIComponent(span.value)}`);
    const view = await response.json();
    if (mine !== shown) return;
    trouble.textContent = view.trouble === undefined ? '' : `The journal: ${view.trouble}`;
    const { lives, more, colours, startedAt, end, marks } = view;
    showBars({ lives, more, colours, startedAt, end });
    showMarks(marks);
    if (isAsked || !isRead()) showFigures({ figures: view.figures, plots: view.plots, marks });
  } catch {
    // The connection's own line says that it is gone.
  }
}

export function followPast() {
  span.addEventListener('change', () => void draw(true));
  setInterval(() => {
    if (!document.hidden) void draw(false);
  }, PERIOD_MILLISECONDS);
  void draw(true);
}

export const refreshPast = () => draw(false);
