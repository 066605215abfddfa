/** Machines through time: a bar each, in its type's colour, that says why it came, stayed and went. */
import { explain, tell } from './dialogs.js';
import { dayOf, durationOf, el, fill, hourOf, momentOf } from './dom.js';
import { machineOrders } from './orders.js';

const TICKS = 5;

/** @param view what the journal knows of the time that is shown. */
export function drawBars(place, { lives, more, colours, startedAt, end }) {
  if (lives.length === 0) {
    fill(place, el('p', { className: 'quiet' }, 'There was no machine in this time.'));
    return;
  }
  const part = (at) => Math.min(1, Math.max(0, (at - startedAt) / Math.max(1, end - startedAt)));
  const bars = el(
    'ul',
    { className: 'bars' },
    lives.map((life) => row(life, colours[life.type], part, end)),
  );
  fill(
    place,
    legend(colours),
    bars,
    axis(startedAt, end),
    more > 0 ? el('p', { className: 'quiet' }, `… and ${more} that left before`) : null,
  );
  bars.addEventListener('keydown', moved);
}

function legend(colours) {
  const chip = (colour) => {
    const square = el('span', { className: 'chip', 'aria-hidden': 'true' });
    square.style.background = colour;
    return square;
  };
  const types = Object.entries(colours).map(([type, colour]) => el('span', {}, chip(colour), ` ${type}`));
  return el(
    'p',
    { className: 'legend quiet' },
    ...types,
    el('span', {}, 'hatched: not ready; pale: going or stopped'),
  );
}

function row(life, colour, part, end) {
  const { machine, parts, until } = life;
  const track = el('span', { className: 'track', 'aria-hidden': 'true' });
  for (const [index, { from, phase, reason }] of parts.entries()) {
    const to = parts[index + 1]?.from ?? until ?? end;
    const piece = el('span', { className: `piece ${phase}`, title: `${phase}: ${reason}` });
    piece.style.left = `${100 * part(from)}%`;
    piece.style.width = `${100 * Math.max(0, part(to) - part(from))}%`;
    piece.style.backgroundColor = colour;
    track.append(piece);
  }
  const button = el(
    'button',
    {
      ...{ type: 'button', className: 'bar', 'data-key': `bar ${machine}`, 'aria-label': inWords(life, end) },
      click: () => show(life, end),
    },
    el('span', { className: 'name', 'aria-hidden': 'true' }, machine),
    track,
  );
  return el('li', {}, button);
}

/** The bar for whoever does not see it. */
function inWords({ machine, type, parts, until }, end) {
  const [from, last] = [parts[0]?.from ?? end, parts.at(-1)?.phase ?? 'unknown'];
  const now = until === undefined ? `${last} now` : `gone at ${momentOf(until)}`;
  return `${machine}, ${type}: came ${momentOf(from)}, ${durationOf((until ?? end) - from)}, ${now}`;
}

/** Why it came, what it went through, and what is decided on it now. */
function show(life, end) {
  const { machine, type, came, stays, parts, until, dollarsPerHour } = life;
  const item = (at, text) => el('li', {}, el('time', {}, momentOf(at)), ` ${text}`);
  const from = parts[0]?.from ?? end;
  const known = [
    el('h3', {}, 'Its life, from the journal'),
    el(
      'ul',
      { className: 'changes' },
      came === undefined ? null : item(from, `launched: ${came}`),
      ...parts.map(({ from: at, phase, reason }) => item(at, `${phase}: ${reason}`)),
      until === undefined ? null : item(until, 'gone'),
    ),
    stays === undefined ? null : el('p', {}, `Decided on it last: ${stays}.`),
    dollarsPerHour === undefined
      ? null
      : el(
          'p',
          {},
          `$${dollarsPerHour.toFixed(3)} an hour, about $${((((until ?? end) - from) / 3600) * dollarsPerHour).toFixed(2)} in all.`,
        ),
  ];
  const what = `${machine} (${type})`;
  if (until === undefined) void explain(what, { machine }, known, machineOrders(machine));
  else tell(what, ...known);
}

/** Arrow keys lead from bar to bar. */
function moved(event) {
  const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
  const to = step === undefined ? undefined : event.target.closest('li')?.[step];
  if (!to) return;
  to.querySelector('button').focus();
  event.preventDefault();
}

function axis(startedAt, end) {
  const days = dayOf(startedAt) !== dayOf(end);
  const ticks = Array.from(
    { length: TICKS },
    (_, index) => startedAt + ((end - startedAt) * index) / (TICKS - 1),
  );
  return el(
    'div',
    { className: 'axis quiet', 'aria-hidden': 'true' },
    ticks.map((at) => el('span', {}, days ? momentOf(at) : hourOf(at))),
  );
}
