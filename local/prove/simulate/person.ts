/** A person who gives orders to the function, insists until they are recorded, and tells the judge what must hold. */
import * as z from 'zod';
import type { Phase } from '../../../lambdas/core/model/index.ts';
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import type { Lambda } from '../../world/drive/lambda.ts';
import { EVERYTHING } from '../../world/judge/orders.ts';
import type { Given, OrderKind, Orders, Term } from '../../world/judge/orders.ts';
import type { Timeline } from '../../world/timeline.ts';

export interface PersonParts {
  readonly timeline: Timeline;
  readonly lambda: Lambda;
  readonly orders: Orders;
  /** What the function's clock may be wrong by, in seconds. */
  readonly clockSeconds: number;
}

/** How an order ends that its machine does not take with it. */
export interface Ending {
  readonly seconds: number;
  /** Whether it was given for that time; else it is taken back then. */
  readonly byItself: boolean;
}

/** After a request that failed, in seconds. */
const PATIENCE_SECONDS = 60;
const NAME = 'Zoë';
/** Of a machine whose end was decided before it is protected. */
const ENDED: readonly (Phase | undefined)[] = ['terminating', 'stopping', 'failed'];

export class Person {
  readonly #parts: PersonParts;
  /** What a request is under way about: nobody contradicts themselves in one breath. */
  readonly #busy = new Set<string>();

  constructor(parts: PersonParts) {
    this.#parts = parts;
  }

  /** @param ending absent when the machine takes the order with it. */
  drain(machine: string, ending?: Ending): void {
    this.#order('drain', machine, { drain: { machine, by: NAME } }, ending);
  }

  protect(machine: string, ending: Ending): void {
    this.#order('protect', machine, { protect: { machine, by: NAME, ...minutesOf(ending) } }, ending);
  }

  /** @param type absent for everything. */
  pause(type: string | undefined, ending: Ending): void {
    const body = { ...scopeOf(type ?? EVERYTHING), by: NAME, ...minutesOf(ending) };
    this.#order('pause', type ?? EVERYTHING, { pause: body }, ending);
  }

  /** An order as it is written, whatever it is about. */
  send(event: object): void {
    const { drain, protect, pause, resume, release } = writtenSchema.parse(event);
    if (drain !== undefined) this.#order('drain', drain.machine, event, undefined);
    else if (protect !== undefined) this.#order('protect', protect.machine, event, endingOf(protect));
    else if (pause !== undefined) this.#order('pause', pause.type ?? EVERYTHING, event, endingOf(pause));
    else if (resume !== undefined) this.#takeBack('pause', resume.type ?? EVERYTHING, event);
    else if (release !== undefined) this.#takeBack('protect', release.machine, event);
    else void this.#parts.lambda.invoke(event);
  }

  /** Takes back whatever may still stand; what is sent away goes. */
  takeAllBack(): void {
    const { orders } = this.#parts;
    for (const { about } of orders.standing('protect')) this.#takeBack('protect', about);
    if (orders.standing('pause').length > 0) this.#takeBack('pause', EVERYTHING);
  }

  #order(kind: OrderKind, about: string, event: object, ending: Ending | undefined): void {
    const { timeline, orders, clockSeconds } = this.#parts;
    if (this.#busy.has(subject(kind, about))) return;
    const given = orders.asked(kind, about, termOf(ending, timeline.now, clockSeconds));
    this.#insist(subject(kind, about), event, (answer) => {
      this.#answered(given, answer);
    });
    if (ending?.byItself === false)
      timeline.after(ending.seconds, () => {
        if (this.#isNewest(given)) this.#takeBack(kind, about);
      });
  }

  #answered(given: Given, settled: Settled): void {
    const { orders, timeline } = this.#parts;
    // Nobody can hold what the function no longer knows. A pause that was tried before may have been recorded.
    if (settled.result === 'invalid' && given.kind !== 'pause') orders.over(given.about);
    if (settled.result === 'invalid') return;
    if (given.kind === 'protect' && ENDED.includes(settled.phase)) given.doubtfulFrom = timeline.now;
    orders.recorded(given);
  }

  /** Whether nothing else has been ordered about the same since then, and it may still hold. */
  #isNewest({ kind, about, askedAt }: Given): boolean {
    const same = this.#parts.orders.standing(kind).filter((given) => given.about === about);
    return same.length > 0 && same.every((given) => given.askedAt <= askedAt);
  }

  #takeBack(kind: OrderKind, about: string, written?: object): void {
    const { orders, timeline } = this.#parts;
    if (this.#busy.has(subject(kind, about))) {
      timeline.after(PATIENCE_SECONDS, () => {
        this.#takeBack(kind, about, written);
      });
      return;
    }
    // The end of a pause of everything ends all pauses.
    const ended = (): readonly string[] =>
      about === EVERYTHING ? orders.standing('pause').map((given) => given.about) : [about];
    for (const one of ended()) orders.takingBack(one);
    const usual =
      kind === 'pause' ? { resume: { ...scopeOf(about), by: NAME } } : { release: { machine: about } };
    this.#insist(subject(kind, about), written ?? usual, () => {
      for (const one of ended()) orders.over(one);
    });
  }

  /** Asks until there is an answer. */
  #insist(about: string, event: object, settle: (answer: Settled) => void): void {
    const { lambda, timeline } = this.#parts;
    this.#busy.add(about);
    void lambda.invoke(event).then(({ answer }) => {
      if (answer?.result === 'recorded' || answer?.result === 'invalid') {
        this.#busy.delete(about);
        settle(answer);
        return;
      }
      timeline.after(PATIENCE_SECONDS, () => {
        this.#insist(about, event, settle);
      });
    });
  }
}

const aboutMachine = z.object({ machine: z.string(), minutes: z.number().optional() }).optional();
const aboutType = z.object({ type: z.string().optional(), minutes: z.number().optional() }).optional();

/** What of an order's event tells what it is about and for how long; the function judges the rest. */
const writtenSchema = z.object({
  drain: aboutMachine.catch(undefined),
  protect: aboutMachine.catch(undefined),
  release: aboutMachine.catch(undefined),
  pause: aboutType.catch(undefined),
  resume: aboutType.catch(undefined),
});

const endingOf = ({ minutes }: { readonly minutes?: number | undefined }): Ending | undefined =>
  minutes === undefined ? undefined : { seconds: minutes * 60, byItself: true };

type Settled = Extract<Answer, { readonly result: 'recorded' | 'invalid' }>;

/** Pauses of types and of everything are one matter. */
const subject = (kind: OrderKind, about: string): string => (kind === 'pause' ? kind : about);

const scopeOf = (type: string): object => (type === EVERYTHING ? { everything: true } : { type });

const minutesOf = ({ seconds, byItself }: Ending): object =>
  byItself ? { minutes: Math.max(1, Math.round(seconds / 60)) } : {};

function termOf(ending: Ending | undefined, now: number, clockSeconds: number): Term | undefined {
  if (ending?.byItself !== true) return undefined;
  const until = now + Math.max(1, Math.round(ending.seconds / 60)) * 60;
  return { notBefore: until - clockSeconds, notAfter: until + clockSeconds };
}
