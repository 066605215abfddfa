import { describe, expect, it } from 'vitest';
import { PEERS } from '../../../local/prove/peers/peers.ts';
import { playPeer } from '../../../local/prove/peers/play-peer.ts';
import type { Played } from '../../../local/prove/bench/policy/score.ts';
import type { Arrival } from '../../../local/world/workload.ts';

const steps = (atSeconds: number, count: number, seconds: number, system = 'x86_64-linux'): Arrival => ({
  ...{ atSeconds, system, features: [] },
  durationsSeconds: Array.from({ length: count }, () => seconds),
});

/** Four slots a machine, and a boot of two minutes. */
function play(name: string, ...workload: readonly Arrival[]): Played {
  const peer = PEERS.find((one) => one.name === name);
  if (peer === undefined) throw new Error(`no peer ${name}`);
  return playPeer(peer, workload, { slots: 4, bootSeconds: 120 });
}

const lives = ({ machines }: Played): readonly (readonly [number, number])[] =>
  machines.map(({ from, to }) => [from, to] as const).toSorted(([a, b], [c, d]) => a - c || b - d);

/** Worked out by hand: what comes of eight steps of ten minutes at once. */
const EIGHT: readonly [
  name: string,
  waits: readonly number[],
  lives: readonly (readonly [number, number])[],
][] = [
  // Seen booted at 120 s, written, read at 127 s; idle from 727 s, for less than 600 s until 1327 s.
  [
    'buildkite',
    Array<number>(8).fill(127),
    [
      [0, 1330],
      [0, 1330],
    ],
  ],
  // Idle for 45 s at 772 s.
  [
    'karpenter',
    Array<number>(8).fill(127),
    [
      [0, 780],
      [0, 780],
    ],
  ],
  // Five minutes of the hour are left at 3300 s.
  [
    'jenkins -5',
    Array<number>(8).fill(127),
    [
      [0, 3300],
      [0, 3300],
    ],
  ],
  // Seen booted at 300 s, read at 307 s; six minutes are left at 3240 s.
  [
    'naive',
    Array<number>(8).fill(307),
    [
      [0, 3300],
      [0, 3300],
    ],
  ],
  // Less than ten minutes of the hour are left at 3300 s.
  [
    'hydra-provisioner rpm 4 many',
    Array<number>(8).fill(307),
    [
      [0, 3300],
      [0, 3300],
    ],
  ],
  // The second machine comes a round later, and its hour ends later.
  [
    'hydra-provisioner rpm 4',
    [307, 307, 307, 307, 607, 607, 607, 607],
    [
      [0, 3300],
      [300, 3600],
    ],
  ],
  // Ten steps are worth one machine.
  ['hydra-provisioner', [307, 307, 307, 307, 907, 907, 907, 907], [[0, 3300]]],
  // One stays for good; the other is withdrawn at 600 s, at work until 907 s, and ended a round later.
  [
    'equinix',
    Array<number>(8).fill(307),
    [
      [0, 1200],
      [0, 8400],
    ],
  ],
];

describe('each peer', () => {
  it('is among those worked out by hand', () => {
    expect(EIGHT.map(([name]) => name).toSorted()).toEqual(PEERS.map(({ name }) => name).toSorted());
  });
  it.each(EIGHT)('%s does with eight steps what was worked out by hand', (name, waits, expected) => {
    const played = play(name, steps(0, 8, 600));
    expect(played.waits.map(({ seconds }) => seconds)).toEqual(waits);
    expect(lives(played)).toEqual(expected);
    expect(played.peak).toBe(expected.length);
  });
  it('scales each system by itself', () => {
    const played = play('karpenter', steps(0, 1, 600), steps(0, 1, 600, 'aarch64-linux'));
    expect(lives(played)).toEqual([
      [0, 780],
      [0, 780],
    ]);
    expect(played.peak).toBe(2);
  });
});

describe('hydra-provisioner', () => {
  it('offers a withdrawn machine again when it is needed', () => {
    const played = play('hydra-provisioner rpm 4 many', steps(0, 4, 600), steps(2200, 4, 60));
    expect(played.waits.slice(4).map(({ seconds }) => seconds)).toEqual([207, 207, 207, 207]);
    expect(lives(played)).toEqual([[0, 3300]]);
  });
  it('pays another hour for a machine that works as its hour ends', () => {
    expect(lives(play('hydra-provisioner rpm 4 many', steps(0, 1, 4000)))).toEqual([[0, 6900]]);
  });
});

describe('peers that count what runs', () => {
  it('launch for steps beyond the slots of the machines they have', () => {
    const arrivals = [steps(0, 4, 600), steps(400, 1, 600)];
    expect(play('buildkite', ...arrivals).machines).toHaveLength(2);
    expect(play('naive', ...arrivals).machines).toHaveLength(2);
  });
});

describe('equinix', () => {
  it('replaces a machine that is a day old', () => {
    const played = play('equinix', steps(0, 1, 600), steps(87_000, 1, 600));
    expect(lives(played)[0]).toEqual([0, 87_000]);
    expect(played.machines).toHaveLength(2);
  });
});
