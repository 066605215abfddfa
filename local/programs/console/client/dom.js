/** Elements from data. Text is only ever set as text: nothing that the farm says can become markup. */

/**
 * @param tag the element's name
 * @param given properties by name; `aria-…`, `data-…`, `role` and `for` are attributes, functions listen to the event
 * @param children elements and texts; null for none
 */
export function el(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (/^(aria-|data-|role$|for$|scope$|colspan$)/.test(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** Puts `children` in the place of what was there. Whoever was on an element stays on the one with its `data-key`. */
export function fill(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  place.replaceChildren(...children.flat().filter((child) => child !== null));
  if (key !== undefined) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** A function that draws only what differs from what it drew before. */
export function onChange(draw) {
  let before;
  return (value) => {
    const now = JSON.stringify(value);
    if (now === before) return;
    before = now;
    draw(value);
  };
}

/** @param heads texts of the columns; empty for one of buttons. @param rows cells, each a text or an element */
export const table = (heads, rows) =>
  el(
    'div',
    { className: 'scroll' },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          heads.map((text) => el('th', { scope: 'col' }, text)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((cells) =>
          el(
            'tr',
            {},
            cells.map((cell, index) => el('td', { 'data-label': heads[index] }, cell)),
          ),
        ),
      ),
    ),
  );

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});

export const timeOf = (seconds) => clockWithSeconds.format(seconds * 1000);
/** With its day, such as `Mon 2 Mar 14:05`. */
export const momentOf = (seconds) => `${dayOf(seconds)} ${clock.format(seconds * 1000)}`;
export const dayOf = (seconds) => day.format(seconds * 1000).replace(',', '');
export const hourOf = (seconds) => clock.format(seconds * 1000);

export function durationOf(seconds) {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
