/** What people have ordered, as they know it themselves: since when it must hold, and for how long it may. */
import type { Timeline } from '../timeline.ts';

export type OrderKind = 'drain' | 'protect' | 'pause';

/** What a pause of everything is about. */
export const EVERYTHING = '*';

/** When an order ends that nobody takes back, as far as can be told from outside: clocks may be wrong. */
export interface Term {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** One order. Until it is known to be recorded, and once its end is asked for, nobody can tell whether it holds. */
export interface Given {
  readonly kind: OrderKind;
  /** A machine's id, a type's name, or everything. */
  readonly about: string;
  readonly askedAt: number;
  /** Infinity until the function has said so. */
  recordedAt: number;
  /** From then on it may have ended. */
  doubtfulFrom: number;
  /** From then on it no longer holds. */
  overAt: number;
}

/** A round that was under way when an order was recorded still carries out what it has decided, in seconds. */
export const ROUND_SECONDS = 150;
/** Orders that have been over for this long, in seconds, are forgotten. */
const KEPT_SECONDS = 1800;
const ENDLESS: Term = { notBefore: Infinity, notAfter: Infinity };

export class Orders {
  readonly #timeline: Timeline;
  #given: readonly Given[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Somebody gives an order now; what there was about the same is in doubt. */
  asked(kind: OrderKind, about: string, { notBefore, notAfter }: Term = ENDLESS): Given {
    const askedAt = this.#timeline.now;
    this.#given = this.#given.filter(({ overAt }) => overAt > askedAt - KEPT_SECONDS);
    this.takingBack(about);
    const given = {
      kind,
      about,
      askedAt,
      recordedAt: Infinity,
      doubtfulFrom: notBefore,
      overAt: notAfter,
    };
    this.#given = [...this.#given, given];
    return given;
  }

  /** The function has said that it is recorded: it has replaced what there was. */
  recorded(given: Given): void {
    const { now } = this.#timeline;
    given.recordedAt = now;
    for (const older of this.#about(given.about))
      if (older !== given && older.askedAt <= given.askedAt) older.overAt = Math.min(older.overAt, now);
  }

  /** Somebody takes back now what was ordered about this. */
  takingBack(about: string): void {
    const { now } = this.#timeline;
    for (const given of this.#about(about)) given.doubtfulFrom = Math.min(given.doubtfulFrom, now);
  }

  /** The function has said that nothing is ordered about this any more. */
  over(about: string): void {
    const { now } = this.#timeline;
    for (const given of this.#about(about)) given.overAt = Math.min(given.overAt, now);
  }

  /** Orders that may hold, or may have held until so many seconds ago. */
  standing(kind: OrderKind, secondsAgo = 0): readonly Given[] {
    const instant = this.#timeline.now - secondsAgo;
    return this.#given.filter((given) => given.kind === kind && given.overAt > instant);
  }

  /** Whether such an order may hold, or may have held until so many seconds ago. */
  mayHold(kind: OrderKind, about: string, secondsAgo = 0): boolean {
    return this.standing(kind, secondsAgo).some((given) => isAbout(given, about));
  }

  /** Whether such an order holds beyond doubt, and every round that did not know of it is over. */
  holds(kind: OrderKind, about: string): boolean {
    const { now } = this.#timeline;
    return this.standing(kind).some((given) => isAbout(given, about) && isKnown(given, now));
  }

  #about(about: string): readonly Given[] {
    return this.#given.filter((given) => given.about === about);
  }
}

const isAbout = (given: Given, about: string): boolean => given.about === about || given.about === EVERYTHING;

/** Whether it holds beyond doubt, and every round that did not know of it is over. */
export const isKnown = ({ recordedAt, doubtfulFrom }: Given, now: number): boolean =>
  now - recordedAt >= ROUND_SECONDS && now < doubtfulFrom;
