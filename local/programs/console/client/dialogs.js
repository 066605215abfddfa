/** What is asked and ordered: explanations, and orders that say first what will happen. */
import { el, fill } from './dom.js';

const dialog = document.getElementById('dialog');

/** @returns the answer, or one with `problems` where there is none. */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.headers.get('content-type')?.startsWith('application/json'))
      return {
        problems: [`The console says no (${response.status}): open the address that it prints anew.`],
      };
    return await response.json();
  } catch {
    return { problems: ['The console does not answer: is it still running?'] };
  }
}

const close = () => el('button', { type: 'button', click: () => dialog.close() }, 'Close');
const title = (text) => el('h2', { id: 'dialog-title', tabIndex: -1 }, text);
const list = (texts, className = '') =>
  texts.length === 0
    ? null
    : el(
        'ul',
        { className },
        texts.map((text) => el('li', {}, text)),
      );

function open(...children) {
  fill(dialog, children);
  if (!dialog.open) dialog.showModal();
}

/**
 * Explains something in the function's words.
 * @param question such as `{ machine: 'i-…' }`. @param more what is known besides, as elements. @param buttons orders for it
 */
export async function explain(what, question, more = [], buttons = []) {
  open(
    title(what),
    el('p', { role: 'status' }, 'Asking …'),
    ...more,
    el('p', { className: 'controls' }, close()),
  );
  const { answer, because = [], problems = [] } = await post('/explain', { explain: question });
  if (!dialog.open) return;
  open(
    title(what),
    answer === undefined ? null : el('p', { role: 'status' }, answer),
    list(because),
    list(problems, 'bad'),
    ...more,
    el('p', { className: 'controls' }, ...buttons, close()),
  );
}

/** What is known of something of which nothing can be asked any more. */
export const tell = (what, ...children) =>
  open(title(what), ...children, el('p', { className: 'controls' }, close()));

/**
 * Says what an order will do, and gives it when a person says so.
 * @param make the event, from what was written into the fields. @param fields inputs with labels, as `field` makes them
 */
export function order(what, make, fields = []) {
  const said = el('div', { role: 'status' });
  const give = el('button', { type: 'button', className: 'order', disabled: true }, what);
  let asked = 0;
  const foretell = async () => {
    const mine = (asked += 1);
    give.disabled = true;
    const { says = [], command = '', problems = [] } = await post('/foretell', make());
    if (mine !== asked) return;
    give.disabled = problems.length > 0;
    fill(
      said,
      list(says),
      list(problems, 'bad'),
      el('p', { className: 'quiet' }, 'In a terminal: ', el('code', {}, command)),
    );
  };
  give.addEventListener('click', async () => {
    give.disabled = true;
    fill(said, el('p', {}, 'Ordering …'));
    const { message = '', problems = [], tick } = await post('/order', make());
    if (!dialog.open) return;
    const actions = tick?.actions ?? [];
    open(
      title(what),
      el('div', { role: 'status' }, el('p', {}, message), list(actions), list(problems, 'bad')),
      el('p', { className: 'controls' }, close()),
    );
  });
  for (const { input } of fields) input.addEventListener('input', foretell);
  open(title(what), ...fields.map(({ row }) => row), said, el('p', { className: 'controls' }, give, close()));
  foretell();
}

let fieldCount = 0;

/** A number that may be left empty. */
export function field(label, value) {
  const id = `field-${(fieldCount += 1)}`;
  const input = el('input', { id, type: 'number', min: 1, step: 1, value });
  return {
    input,
    row: el('p', { className: 'controls' }, el('label', { for: id }, label), input),
    get number() {
      return input.value === '' ? undefined : Number(input.value);
    },
  };
}

/** A button that opens the dialog of an order. */
export const orderButton = (key, words, what, show) =>
  el('button', { type: 'button', 'data-key': key, 'aria-label': `${what} …`, click: show }, `${words} …`);
