/** On what terms a run is made, in words: for its title, its summary and its report. */
import { basename } from 'node:path';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import { count, duration } from '../show/words.ts';
import { NAMED_FAULTS } from './faults.ts';

export interface Terms {
  /** Simulated. */
  readonly hours: number;
  readonly seed: number;
  /** Names of what is let go wrong. */
  readonly faults?: readonly string[];
  /** A file with builds, in place of made-up ones. */
  readonly trace?: string;
  /** A configuration, in place of the one that comes along. */
  readonly farm?: string;
  /** Of the Hydra host; the C++ one by default. */
  readonly runner?: RunnerKind;
}

/** Such as `5 simulated hours, seed 1, farm of autoscaler.json, queue of queue.csv, with faults: spot, runner`. */
export function titleOf({ hours, seed, faults = [], trace, farm }: Terms): string {
  const isAll = faults.length === Object.keys(NAMED_FAULTS).length;
  return [
    `${count(hours, 'simulated hour')}, seed ${seed}`,
    ...(farm === undefined ? [] : [`farm of ${basename(farm)}`]),
    ...(trace === undefined ? [] : [`queue of ${basename(trace)}`]),
    ...(faults.length === 0 ? [] : [`with faults: ${isAll ? 'all' : faults.join(', ')}`]),
  ].join(', ');
}

/** A second of rounding is not an early end. */
const ROUNDING_SECONDS = 1;

/** What sets the run apart from the usual one, a sentence each. @param passedSeconds how far it has come. */
export function termsOf(
  { hours, faults = [], trace, farm, runner }: Terms,
  passedSeconds: number,
): readonly string[] {
  return [
    ...(passedSeconds < hours * 3600 - ROUNDING_SECONDS
      ? [`Stopped after ${duration(passedSeconds)} of ${duration(hours * 3600)}.`]
      : []),
    ...(runner === 'rust' ? ['The Hydra host has the Rust queue runner.'] : []),
    ...faults.map((name) => `Fault on purpose (${name}): ${NAMED_FAULTS[name]?.does ?? 'unknown'}.`),
    ...(farm === undefined ? [] : [`The farm is that of ${basename(farm)}.`]),
    ...(trace === undefined ? [] : [`The queue is that of ${basename(trace)}.`]),
  ];
}
