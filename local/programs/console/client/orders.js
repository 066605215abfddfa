/** The orders there are, as buttons. */
import { field, order, orderButton } from './dialogs.js';

/** Without the fields that were left empty. */
const filled = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

function withMinutes(what, name, subject, minutes = '') {
  const time = field('for minutes (empty: until it is taken back)', minutes);
  order(what, () => ({ [name]: filled({ ...subject, minutes: time.number }) }), [time]);
}

const simple = (what, name, body) => order(what, () => ({ [name]: body }));

export function typeOrders(type) {
  const button = (name, words, show) => orderButton(`${name} ${type}`, words, `${words} ${type}`, show);
  const out = () => {
    const [count, time] = [field('machines, at least', 1), field('for minutes', 120)];
    const make = () => ({ scaleOut: filled({ type, count: count.number, minutes: time.number }) });
    order(`Scale out ${type}`, make, [count, time]);
  };
  return [
    button('out', 'Scale out', out),
    button('in', 'Scale in', () => simple(`Scale in ${type}`, 'scaleIn', { type })),
    button('retry', 'Retry', () => simple(`Retry ${type}`, 'retry', { type })),
    button('pause', 'Pause', () => withMinutes(`Pause ${type}`, 'pause', { type }, 60)),
    button('resume', 'Resume', () => simple(`Resume ${type}`, 'resume', { type })),
  ];
}

export function machineOrders(machine) {
  const button = (name, words, show) => orderButton(`${name} ${machine}`, words, `${words} ${machine}`, show);
  return [
    button('drain', 'Drain', () => simple(`Drain ${machine}`, 'drain', { machine })),
    button('protect', 'Protect', () => withMinutes(`Protect ${machine}`, 'protect', { machine }, 240)),
    button('release', 'Release', () => simple(`Release ${machine}`, 'release', { machine })),
  ];
}

export const farmOrders = () => [
  orderButton('tick', 'Run a tick now', 'Run a tick now', () => simple('Run a tick now', 'tick', true)),
  orderButton('pause everything', 'Pause everything', 'Pause everything', () =>
    withMinutes('Pause everything', 'pause', { everything: true }, 60),
  ),
  orderButton('resume everything', 'Resume everything', 'Resume everything', () =>
    simple('Resume everything', 'resume', { everything: true }),
  ),
];
