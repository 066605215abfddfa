/** A plot as data: what the page's script draws, and nothing it would have to work out. */
import type { History } from '../history.ts';

/** `stack`: an area on top of the series before it. `step` holds its value until the next point. */
export type Shape = 'stack' | 'area' | 'step' | 'points';

export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly shape: Shape;
  /** What is told of each time. */
  readonly values: Values;
  /** Where a stacked area ends: its values on top of those before it. Only with `stack`. */
  readonly tops?: Values;
}

/** One per time; null where there is nothing to show. */
export type Values = readonly (number | null)[];

export interface Plot {
  readonly id: string;
  readonly title: string;
  /** What the vertical axis counts. */
  readonly unit: string;
  /** It counts no whole things: its axis may have fractions. */
  readonly hasFractions?: true;
  /** What to look for, in a sentence. */
  readonly note: string;
  /** Epoch seconds, ascending; from the run's start to its end in every plot, so that all share one axis. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** A stretch of time with samples in it. */
export interface Course<Of extends { readonly at: number }> {
  /** Epoch seconds of its start, from which samples count. */
  readonly startedAt: number;
  /** Epoch seconds. */
  readonly end: number;
  readonly samples: readonly Of[];
}

/** A series that is read off each sample. */
export type SampledSeries<Of> = Omit<Series, 'values'> & { readonly of: (sample: Of) => number | null };

/** Times and values of series that are read off the samples; no series where nothing was sampled. */
export function sampled<Of extends { readonly at: number }>(
  { samples, startedAt, end }: Course<Of>,
  series: readonly SampledSeries<Of>[],
): Pick<Plot, 'times' | 'series'> {
  return {
    times: [startedAt, ...samples.map(({ at }) => startedAt + at), end],
    series:
      samples.length === 0
        ? []
        : series.map(({ of, ...rest }) => ({ ...rest, values: [null, ...samples.map(of), null] })),
  };
}

/** The time axis of all plots of a run, in epoch seconds. */
export function spanOf({ startedAt, samples, waits, summary }: History): {
  readonly start: number;
  readonly end: number;
} {
  const ends = [...samples, ...waits].map(({ at }) => at);
  const last = ends.reduce((latest, at) => Math.max(latest, at), summary.virtualHours * 3600);
  return { start: startedAt, end: startedAt + last };
}
