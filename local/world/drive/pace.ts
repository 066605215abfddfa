/** Holds virtual time to a chosen speed, so that people can watch. */
import type { Timeline } from '../timeline.ts';
import type { Pace } from './drive.ts';

export interface PaceOptions {
  /** Virtual seconds per real one. */
  readonly speed: number;
  /** A clock that never goes back, in milliseconds. */
  readonly milliseconds: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The longest real pause between two steps of time, in milliseconds: the view stays alive and Ctrl-C is heard. */
const LONGEST_PAUSE_MILLISECONDS = 100;
/** When work has made time late, it catches up in steps after which others get their turn, in milliseconds. */
const TURN_MILLISECONDS = 20;

/** A pace of `speed`. What the function's work takes in real time is caught up with afterwards. */
export function paceOf(timeline: Timeline, options: PaceOptions): Pace {
  const { speed, milliseconds, sleep } = options;
  const [startedAt, startedMilliseconds] = [timeline.now, milliseconds()];
  const due = (): number => startedAt + ((milliseconds() - startedMilliseconds) / 1000) * speed;
  let lastTurn = milliseconds();
  return async (instant) => {
    const ahead = ((instant - due()) / speed) * 1000;
    if (ahead > 0 || milliseconds() - lastTurn > TURN_MILLISECONDS) {
      await sleep(Math.max(0, Math.min(ahead, LONGEST_PAUSE_MILLISECONDS)));
      lastTurn = milliseconds();
    }
    return Math.min(instant, due());
  };
}
