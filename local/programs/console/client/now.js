/** The farm as it is now. */
import { explain } from './dialogs.js';
import { el, fill, momentOf, onChange, table, timeOf } from './dom.js';
import { farmOrders, typeOrders } from './orders.js';

const place = (id) => document.getElementById(id);
const list = (texts) =>
  el(
    'ul',
    {},
    texts.map((text) => el('li', {}, text)),
  );
const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);
const tile = (value, name, note, mood = '') =>
  el('div', { className: `tile ${mood}` }, el('b', {}, value), el('span', {}, name), el('small', {}, note));

/** What the machines of all types are, such as `3 ready, 1 booting`. */
function phasesIn(types) {
  const counts = {};
  for (const { machines } of types)
    for (const [phase, number] of Object.entries(machines)) counts[phase] = (counts[phase] ?? 0) + number;
  return counts;
}
const inWords = (counts) =>
  Object.entries(counts)
    .map(([phase, number]) => `${number} ${phase}`)
    .join(', ') || 'none';

const drawTiles = onChange(({ types, uncovered, queue, cost, machines }) => {
  const waiting = sum(types.map(({ runnable }) => runnable));
  const others = sum(uncovered.map(({ runnable }) => runnable));
  const dollars = sum(machines.map(({ dollarsPerHour }) => dollarsPerHour ?? 0));
  fill(
    place('tiles'),
    tile(
      String(waiting + others),
      'steps could start',
      others > 0 ? `${others} of them fit no machine type` : 'by kind below',
      others > 0 ? 'bad' : '',
    ),
    tile(String(sum(Object.values(phasesIn(types)))), 'machines', inWords(phasesIn(types))),
    tile(dollars > 0 ? `$${dollars.toFixed(2)}` : '–', 'an hour', cost ?? 'no machine is billed'),
    tile(queue.split(' (')[0], 'queue status', queue, queue === 'trusted' ? 'good' : 'bad'),
  );
});

const drawNext = onChange(({ message, actions }) =>
  fill(
    place('next'),
    el('h2', {}, 'Next'),
    el('p', {}, `${message[0].toUpperCase()}${message.slice(1)}.`),
    actions.length === 0 ? null : list(actions),
    el('p', { className: 'controls' }, ...farmOrders()),
  ),
);

const drawNotes = onChange(({ problems = [], resting, orders }) => {
  const part = (title, texts, className) =>
    texts.length === 0 ? [] : [el('h2', { className }, title), list(texts)];
  fill(
    place('notes'),
    part('Problems of the last tick', problems, 'bad'),
    part('Resting after a refusal', resting, ''),
    part('Orders', orders, ''),
  );
});

const drawTypes = onChange(({ types, uncovered }) =>
  fill(
    place('types'),
    el('h2', {}, 'Queue by machine type'),
    table(
      ['type', 'could start', 'wanted', 'allowed', 'machines', 'next', 'why', 'order'],
      [...types.map(typeRow), ...uncovered.map(uncoveredRow)],
    ),
  ),
);

const asks = (key, words, question) =>
  el(
    'button',
    { type: 'button', className: 'link', 'data-key': `why ${key}`, click: () => explain(words, question) },
    words,
  );

const typeRow = ({ type, runnable, wanted, allowed, machines, verdict, reason }) => [
  asks(type, type, { type }),
  String(runnable),
  String(wanted),
  String(allowed),
  inWords(machines),
  verdict,
  reason,
  el('span', { className: 'controls' }, ...typeOrders(type)),
];

function uncoveredRow({ kind, runnable, running }) {
  const [system, features = ''] = kind.split(':');
  const question = { system, features: features.split(',').filter((one) => one !== '') };
  const why = `${running} of them run elsewhere; no machine type covers them`;
  return [asks(kind, kind, question), String(runnable), '–', '–', '–', '–', why, ''];
}

const drawChanges = onChange((changes) =>
  fill(
    place('changes'),
    el('h2', {}, 'What has changed since the console looks'),
    changes.length === 0
      ? el('p', {}, 'Nothing yet.')
      : el(
          'ul',
          { className: 'changes long', tabIndex: 0, 'aria-label': 'What has changed', 'data-key': 'changes' },
          changes.toReversed().map(({ at, text }) => el('li', {}, el('time', {}, momentOf(at)), ` ${text}`)),
        ),
  ),
);

/** Those that are told at once stand for all: the first status names everything there is. */
export function drawNow({ at, status, actions, changes, trouble }) {
  const connection = place('connection');
  connection.className = trouble === undefined ? 'quiet' : 'bad';
  const seen = at === undefined ? 'The farm has not answered' : `As of ${timeOf(at)} UTC`;
  connection.textContent = trouble === undefined ? seen : `${seen}; no newer status: ${trouble}`;
  if (status === undefined) {
    if (trouble === undefined) connection.textContent = 'Asking the farm …';
    return;
  }
  drawTiles(status);
  drawNext({ message: status.message, actions });
  drawNotes(status);
  drawTypes(status);
  drawChanges(changes);
}
