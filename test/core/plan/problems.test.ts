/** What people are told of the world around the farm: once for each problem, however many rounds meet it. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import { NOW, aMachine, aStatus, anInstance, anObservation, lacking, planFor, sightingAt } from '../given.ts';

type Parts = Parameters<typeof anObservation>[0];

const stopping: Machine = aMachine({ phase: 'stopping', goingDownSince: NOW - 1800 });
const withdrawn: Machine = {
  ...lacking(aMachine({ phase: 'ready', offered: sightingAt(NOW - 130) }), 'seenOffered'),
};
/** Two that EC2 shows, so that its answer is believed. */
const OTHERS = [2, 3].map((n) => ({ instanceId: `i-0000000${n}`, address: `10.0.0.${n}` }));
const FILE = { sha256: 'a'.repeat(64), seen: sightingAt(NOW) };

/** A farm with one problem, and what of it looks another way some rounds later. */
const LASTING: readonly (readonly [string, (roundsLater: number) => Parts])[] = [
  [
    'a machine that EC2 does not show',
    (later) => ({
      machines: [
        ...OTHERS.map((at) => aMachine(at)),
        aMachine({ missing: { since: NOW - 300, looks: 9 + later } }),
      ],
      instances: OTHERS.map((at) => anInstance(at)),
    }),
  ],
  [
    'a machine that AWS has been stopping for long',
    () => ({ machines: [stopping], instances: [anInstance({ state: 'stopping' })] }),
  ],
  [
    'a machines file that could not be written',
    (later) => ({
      farm: { backOffs: [], offerFailures: { times: 3 + later, since: NOW - 60, says: 'disk full' } },
    }),
  ],
  [
    'a machines file that is not read',
    (later) => ({
      machines: [withdrawn],
      instances: [anInstance()],
      offer: FILE,
      queue: aStatus({ at: NOW + 600 * later }),
    }),
  ],
];

describe('a problem', () => {
  it.each(LASTING)('is told in the same words as long as it lasts: %s', (_what, partsAt) => {
    const [first, later] = [0, 1].map(
      (round) => planFor({ ...anObservation(partsAt(round)), now: NOW + 600 * round }).problems,
    );
    expect(first).toHaveLength(1);
    expect(later).toEqual(first);
  });
});
