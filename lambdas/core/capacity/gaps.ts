/**
 * How long it is worth to keep a machine that is not needed, where seconds are paid for: as long as it is likely to be needed
 * again before keeping it has cost more than another boot. That is learnt for each rank: the first machine of a type is needed
 * again within seconds, the fortieth within hours.
 */
import type { MachineType } from '../config/machine-type.ts';
import type { EpochSeconds, Gaps } from '../model/index.ts';
import type { Target } from './target-wait.ts';

/** Upper ends of lengths of gaps, in seconds; longer ones are one more group, and no machine is kept for longer. */
const EDGES = [30, 60, 120, 180, 300, 450, 600, 900, 1200, 1800] as const;
/** Last ranks of groups of ranks; the ranks beyond are one more. */
const RANKS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48] as const;
/** Before so many gaps of a group are known, a machine is kept for as long as this, in seconds. */
const GAPS_TO_KNOW = 5;
const UNKNOWN_SECONDS = 60;
/** A pause between two batches that come at once. */
const LEAST_SECONDS = 15;
/** Where more is known of a group, it counts half: what was learnt is to be unlearnt. */
const GAPS_MAX = 200;
/** The farm's record has its bounds: falls beyond these are told as if they were never filled again. */
const FALLS_MAX = 40;
/** Of a running step so much is left on average, for those who wait for one. */
const LEFT_OF_STEP = 0.3;

const groupOf = (rank: number): number => {
  const group = RANKS.findIndex((last) => rank <= last);
  return group === -1 ? RANKS.length : group;
};
const lengthOf = (seconds: number): number => {
  const length = EDGES.findIndex((edge) => seconds <= edge);
  return length === -1 ? EDGES.length : length;
};

type Fall = Gaps['falls'][number];

/** The gaps after one more look, which shows that all steps together fill `need` machines. */
export function gapsAfter(
  before: Gaps | undefined,
  { type, need, now }: { readonly type: string; readonly need: number; readonly now: EpochSeconds },
): Gaps {
  const { need: last, falls, seen } = before ?? { need: 0, falls: [], seen: [] };
  const fallen: readonly Fall[] = need < last ? [{ from: need + 1, to: last, since: now }, ...falls] : falls;
  const isLong = ({ since }: Fall): boolean => now - since > (EDGES.at(-1) ?? 0);
  const [ended, open] = [
    fallen.flatMap((fall) => within(fall, 1, need)),
    fallen.flatMap((fall) => within(fall, need + 1, Infinity)),
  ];
  const kept = open.filter((fall) => !isLong(fall)).slice(0, FALLS_MAX);
  const over = open.filter((fall) => !kept.includes(fall));
  const gaps = [
    ...ended.map((fall) => ({ fall, seconds: now - fall.since })),
    ...over.map((fall) => ({ fall, seconds: Infinity })),
  ];
  return { type, need, falls: kept, seen: counted(seen, gaps) };
}

/** The part of a fall that lies within these ranks. */
function within({ from, to, since }: Fall, first: number, last: number): readonly Fall[] {
  const [low, high] = [Math.max(from, first), Math.min(to, last)];
  return low > high ? [] : [{ from: low, to: high, since }];
}

/** Gaps of several ranks that began at once, and have lasted for so many seconds. */
interface Gap {
  readonly fall: Fall;
  readonly seconds: number;
}

function counted(seen: Gaps['seen'], gaps: readonly Gap[]): Gaps['seen'] {
  if (gaps.length === 0) return seen;
  const counts = new Map(seen.map((one) => [one.group, [...one.counts]]));
  for (const { fall, seconds } of gaps) {
    for (let rank = fall.from; rank <= fall.to; rank++) {
      const group = groupOf(rank);
      const ofGroup = counts.get(group) ?? [...EDGES, Infinity].map(() => 0);
      const length = lengthOf(seconds);
      ofGroup[length] = (ofGroup[length] ?? 0) + 1;
      counts.set(group, ofGroup);
    }
  }
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([group, ofGroup]) => ({ group, counts: bounded(ofGroup) }));
}

const bounded = (counts: readonly number[]): readonly number[] =>
  total(counts) > GAPS_MAX ? counts.map((count) => Math.floor(count / 2)) : counts;

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Machine-seconds that a boot which is not needed is worth: it takes its time, and steps that wait for it are impatient. */
export function worthOfBoot(
  { maxJobs, targetWaitSeconds = Infinity }: MachineType,
  { pace }: Target,
): number {
  const { bootSeconds, learnt } = pace;
  const value = (2 * (bootSeconds + LEFT_OF_STEP * learnt.mean)) / (maxJobs * targetWaitSeconds ** 2);
  return bootSeconds * (1 + value * maxJobs * learnt.mean);
}

/** For how long the machine of this rank (1 for the first) is kept without need, in seconds. */
export function keptSeconds(gaps: Gaps | undefined, rank: number, worth: number): number {
  const counts = gaps?.seen.find(({ group }) => group === groupOf(rank))?.counts ?? [];
  const all = total(counts);
  if (all < GAPS_TO_KNOW) return UNKNOWN_SECONDS;
  let [best, most, saved, ended] = [0, 0, 0, 0];
  for (const [length, edge] of EDGES.entries()) {
    const count = counts[length] ?? 0;
    const middle = (edge + (EDGES[length - 1] ?? 0)) / 2;
    ended += count;
    saved += count * (worth - middle);
    const gain = saved - (all - ended) * edge;
    if (gain > most) [best, most] = [edge, gain];
  }
  return Math.max(LEAST_SECONDS, best);
}
