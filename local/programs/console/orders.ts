/** Orders that the console gives, and what each leads to, said before it is given. */
import { operateWords } from '../../../infra/operate-commands.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { WHAT_HAPPENS } from '../../../lambdas/operate/drain.ts';
import { REQUESTS } from '../../../lambdas/operate/requests.ts';
import type { FarmStatus } from '../../../lambdas/operate/status.ts';

/** An event for the function, such as `{ drain: { machine: 'i-…' } }`. */
export type OrderEvent = Readonly<Record<string, unknown>>;

/** Whatever changes something; what only asks needs no button that warns. */
const ORDERS: ReadonlySet<string> = new Set([
  'scaleOut',
  'scaleIn',
  'retry',
  'drain',
  'protect',
  'release',
  'pause',
  'resume',
  'tick',
]);

export interface Foretold {
  /** What will happen, a sentence each. Empty where it cannot be ordered so. */
  readonly says: readonly string[];
  /** The same for a terminal. */
  readonly command: string;
  /** What is wrong with it; absent where nothing is. */
  readonly problems?: readonly string[];
}

/** Whether it is one order, and nothing besides. */
export function isOrder(event: unknown): event is OrderEvent {
  if (typeof event !== 'object' || event === null) return false;
  const names = Object.keys(event);
  return names.length === 1 && ORDERS.has(names[0] ?? '');
}

/** @param status the farm as it was last seen. */
export function foretell(event: OrderEvent, status: FarmStatus | undefined): Foretold {
  const [[name = '', body] = []] = Object.entries(event);
  const command = `operate ${operateWords(event).join(' ')}`;
  if (name === 'tick')
    return {
      says: ['Runs a tick now, if none is at work.', sentence(status?.message ?? '')].filter(Boolean),
      command,
    };
  const request = REQUESTS.find((one) => one.name === name);
  if (request === undefined) return { says: [], command, problems: [`there is no order ${name}`] };
  const read = request.read(body, suggest);
  if (!read.ok) return { says: [], command, problems: read.problem };
  return {
    says: [
      sentence(request.does),
      ...subjectNow(name, body, status),
      read.value.wakes
        ? 'A tick that acts on it follows at once, if none is at work; rules and caps hold as always.'
        : 'The next round acts on it; rules and caps hold as always.',
    ],
    command,
  };
}

/** What is known of the type or machine it is about. */
function subjectNow(name: string, body: unknown, status: FarmStatus | undefined): readonly string[] {
  const { machine: id, type: key } = (body ?? {}) as { readonly machine?: unknown; readonly type?: unknown };
  const machine = status?.machines.find((one) => one.machine === id);
  const type = status?.types.find((one) => one.type === key);
  if (machine !== undefined) {
    const then = Object.entries(WHAT_HAPPENS).find(([phase]) => phase === machine.phase)?.[1];
    return [
      `${machine.machine} (${machine.type}) is ${machine.phase}: ${machine.reason}.`,
      ...(name === 'drain' && then !== undefined ? [sentence(then)] : []),
    ];
  }
  return type === undefined ? [] : [`${type.type} now: ${type.verdict}: ${type.reason}.`];
}

const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
