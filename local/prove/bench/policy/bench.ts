/** All runs of the bench of policies, and what they come to beside the peers. */
import type { Billing } from '../../../../lambdas/core/model/index.ts';
import { PEERS } from '../../peers/peers.ts';
import { onThreads } from '../../threads.ts';
import { BURST_BOOTS, burstRatio } from './burst.ts';
import type { Burst } from './burst.ts';
import { geometricMean, ratioTo } from './compare.ts';
import type { Clock, Setting, Written } from './settings.ts';
import { nameOf } from './task.ts';
import type { Row, Task, TaskResult, Trace } from './task.ts';

/** What can be measured. */
export const PARTS = ['ours', 'peers', 'burst'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly traces: readonly Trace[];
  readonly settings: readonly Setting[];
  readonly clocks: readonly Clock[];
  /** Of the machine type that meets the bursts. */
  readonly burstType: Written;
  readonly slots: number;
  readonly bootSeconds: number;
  readonly parts: ReadonlySet<Part>;
  readonly threads: number;
  /** Told of every run, in order, with how many there are. */
  readonly finished: (result: TaskResult, done: number, of: number) => void;
}

export interface Benched {
  readonly rows: readonly Row[];
  readonly bursts: readonly Burst[];
  readonly violations: readonly string[];
}

const BILLINGS: readonly Billing[] = ['per-second', 'hourly'];

export async function benchPolicies(options: BenchOptions): Promise<Benched> {
  const tasks = tasksOf(options);
  const results: TaskResult[] = [];
  await onThreads<Task, TaskResult>({
    worker: new URL('./worker.ts', import.meta.url),
    tasks,
    threads: options.threads,
    nameOf,
    finished: (result) => {
      results.push(result);
      options.finished(result, results.length, tasks.length);
    },
  });
  return {
    rows: results.flatMap(({ rows }) => rows),
    bursts: results.flatMap(({ burst }) => burst ?? []),
    violations: results.flatMap(({ violations }) => violations),
  };
}

function tasksOf(options: BenchOptions): readonly Task[] {
  const { traces, settings, clocks, burstType: type, slots, bootSeconds, parts } = options;
  const peers = PEERS.flatMap(({ name: peer }) =>
    traces.map((trace): Task => ({ kind: 'peer', trace, peer, slots, bootSeconds })),
  );
  const ours = settings.flatMap((setting) =>
    traces.flatMap((trace) =>
      BILLINGS.map((billing): Task => ({ kind: 'ours', trace, setting, billing, bootSeconds })),
    ),
  );
  const bursts = clocks.flatMap((clock) =>
    BURST_BOOTS.map((boot): Task => ({ kind: 'burst', clock, bootSeconds: boot, type })),
  );
  return [
    ...(parts.has('peers') ? peers : []),
    ...(parts.has('ours') ? ours : []),
    ...(parts.has('burst') ? bursts : []),
  ];
}

/** Our hours by those of a peer, at no longer wait, by the best of the clocks. */
export interface Ratio {
  /** The peer's row. */
  readonly peer: Row;
  /** Undefined where none of our rows waits so little. */
  readonly ratio: number | undefined;
}

/** @param clock whose rows of ours count; those of every clock when absent. */
export function ratiosOf(rows: readonly Row[], clock?: string): readonly Ratio[] {
  const ours = rows.filter((row) => row.policy === 'ours' && (clock ?? row.clock) === row.clock);
  return rows
    .filter(({ policy }) => policy !== 'ours')
    .map((peer) => {
      const same = ours.filter(({ trace, billing }) => trace === peer.trace && billing === peer.billing);
      const ladders = [...Map.groupBy(same, (row) => row.clock).values()];
      return { peer, ratio: ratioTo(peer, ladders) };
    });
}

export interface Summary {
  /** Of our hours by a peer's, over all traces, billings and peers whose wait we reach; null without any. */
  readonly geometricMean: number | null;
  /** The largest of them. */
  readonly worst: number | null;
  /** Burst to the last machine offered, by the boot of 45 s and one command, under the best clock; null if not played. */
  readonly burst45: number | null;
  readonly burst120: number | null;
  /** Comparisons in which the peer waits less than any row of ours: they are in neither mean nor worst. */
  readonly unreached: number;
  /** Rules of ours that were broken. */
  readonly violations: number;
}

export function summaryOf({ rows, bursts, violations }: Benched): Summary {
  const all = ratiosOf(rows).map(({ ratio }) => ratio);
  const ratios = all.filter((ratio) => ratio !== undefined);
  const burst = (boot: number): number | null => {
    const played = bursts.filter(({ bootSeconds }) => bootSeconds === boot).map(burstRatio);
    return played.length === 0 ? null : rounded(Math.min(...played));
  };
  const mean = geometricMean(ratios);
  return {
    geometricMean: mean === undefined ? null : rounded(mean),
    worst: ratios.length === 0 ? null : rounded(Math.max(...ratios)),
    burst45: burst(45),
    burst120: burst(120),
    unreached: all.length - ratios.length,
    violations: violations.length,
  };
}

const rounded = (value: number): number => Number(value.toFixed(3));
