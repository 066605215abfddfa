/** A farm that is watched: what changed from one status to the next, and what the live view shows of it. */
import type { FarmStatus } from '../../../lambdas/operate/status.ts';
import type { DecisionLine, Waiting } from './live-parts.ts';

/** What is known of the farm at one instant. */
export interface WatchState {
  readonly status: FarmStatus;
  /** Epoch seconds, by the watcher's clock, at which it was answered. */
  readonly at: number;
  /** Oldest first, the last of `status`. */
  readonly recent: readonly (Waiting & { readonly at: number })[];
  /** The latest last; `at` in epoch seconds. */
  readonly changes: readonly DecisionLine[];
  /** Why there has been no newer status; absent while there is. */
  readonly trouble?: string;
}

/** Kept for the queue's past, and for the list of changes. */
const RECENT_STATUSES = 500;
const RECENT_CHANGES = 50;

export class FarmWatch {
  #state: WatchState | undefined;
  /** What was last said, by subject. */
  #said = new Map<string, Said>();

  get state(): WatchState | undefined {
    return this.#state;
  }

  /** Takes a status and tells what has changed, one line each: everything at the first. @param at epoch seconds. */
  take(status: FarmStatus, at: number): readonly DecisionLine[] {
    const said = new Map(subjectsOf(status).map((one) => [one.subject, one]));
    const changes = [...said.values()]
      .filter(({ subject, verdict }) => this.#said.get(subject)?.verdict !== verdict)
      .map(({ text }) => ({ at, text }));
    const gone = [...this.#said.values()].flatMap(({ subject, gone: text }) =>
      text === undefined || said.has(subject) ? [] : [{ at, text }],
    );
    this.#said = said;
    const told = [...changes, ...gone];
    this.#state = {
      status,
      at,
      recent: [...(this.#state?.recent ?? []), { at, waiting: waitingIn(status) }].slice(-RECENT_STATUSES),
      changes: [...(this.#state?.changes ?? []), ...told].slice(-RECENT_CHANGES),
    };
    return told;
  }

  /** Notes that the farm could not be asked. @returns whether that is news. */
  failed(trouble: string): boolean {
    const before = this.#state?.trouble;
    if (this.#state !== undefined) this.#state = { ...this.#state, trouble };
    return before !== trouble;
  }
}

/** By machine type, and what no type covers by its own kind. */
function waitingIn({ types, uncovered }: FarmStatus): Readonly<Record<string, number>> {
  const waiting = types.map(({ type, runnable }) => [type, runnable] as const);
  const others = uncovered.map(({ kind, runnable }) => [kind, runnable] as const);
  return Object.fromEntries([...waiting, ...others]);
}

interface Said {
  readonly subject: string;
  /** A change of this is told; the numbers in `text` change all the time. */
  readonly verdict: string;
  readonly text: string;
  /** What is said when it is not there any more; absent for nothing. */
  readonly gone?: string;
}

function subjectsOf({ queue, types, machines, orders, resting, problems = [] }: FarmStatus): readonly Said[] {
  const once = (kind: string, texts: readonly string[]): readonly Said[] =>
    texts.map((text) => ({
      subject: `${kind} ${withoutNumbers(text)}`,
      verdict: '',
      text: `${kind}: ${text}`,
      // Problems are the last tick's: the next one has others, and those that stay are told again.
      ...(kind === 'problem' ? {} : { gone: `no more ${kind}: ${text}` }),
    }));
  return [
    { subject: 'queue', verdict: withoutNumbers(queue), text: `queue status: ${queue}` },
    ...types.map(({ type, verdict, reason }) => ({
      subject: `type ${type}`,
      verdict,
      text: `${type}: ${verdict} (${reason})`,
    })),
    ...machines.map(({ machine, type, phase, next, reason }) => ({
      subject: `machine ${machine}`,
      verdict: `${phase} ${next ?? ''}`,
      text: `${machine} (${type}): ${phase}${next === undefined ? '' : `, next ${next}`}: ${reason}`,
      gone: `${machine} (${type}): gone`,
    })),
    ...once('order', orders),
    ...once('rest', resting),
    ...once('problem', problems),
  ];
}

/** Seconds that are left, and counts, are no news. */
const withoutNumbers = (text: string): string => text.replaceAll(/\d+(\.\d+)?/g, '#');
