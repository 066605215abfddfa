/** The end of a past: what a view of a few hours needs of it, and no more looks than it can show. */
import type { Past, PastLook } from './past.ts';

/** More than a screen has columns. */
const LOOKS_MAX = 1500;

/** @param seconds up to the end of it. */
export function lastOf(past: Past, seconds: number): Past {
  const since = Math.max(past.startedAt, past.end - seconds);
  const shift = since - past.startedAt;
  return {
    ...past,
    startedAt: since,
    looks: thinned(
      past.looks.flatMap((look) => (look.at < shift ? [] : [{ ...look, at: look.at - shift }])),
      past.end - since,
    ),
    lives: past.lives.filter(({ until }) => until === undefined || until >= since),
    marks: past.marks.filter(({ at }) => at >= since),
  };
}

/** Of each stretch the look at which most steps waited: what stands out stays. */
function thinned(looks: readonly PastLook[], seconds: number): readonly PastLook[] {
  if (looks.length <= LOOKS_MAX) return looks;
  const stretches = Map.groupBy(looks, ({ at }) => Math.floor((at * LOOKS_MAX) / Math.max(1, seconds)));
  return [...stretches.values()].flatMap((ofOne) =>
    ofOne.reduce((most, look) => (waitingIn(look) > waitingIn(most) ? look : most)),
  );
}

const waitingIn = ({ waiting = {} }: PastLook): number =>
  Object.values(waiting).reduce((sum, number) => sum + number, 0);
