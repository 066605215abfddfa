/** The report's plots as data: what the page's script draws, and nothing it would have to work out. */
import { quantile } from '../../world/ledger.ts';
import type { History, Sample } from '../history.ts';
import { phasesAnd, webColour } from '../phases.ts';

/** `stack`: an area on top of the series before it. `step` holds its value until the next point. */
export type Shape = 'stack' | 'area' | 'step' | 'points';

export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly shape: Shape;
  /** One a time; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
}

export interface Plot {
  readonly id: string;
  readonly title: string;
  /** What the vertical axis counts. */
  readonly unit: string;
  /** What to look for, in a sentence. */
  readonly note: string;
  /** Epoch seconds, ascending; from the run's start to its end in every plot, so that all share one axis. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Okabe and Ito's palette without black and yellow, which one of the page's two backgrounds swallows. */
const KIND_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'] as const;
const OTHER_COLOUR = '#999999';
/** Median and 95th percentile are taken over the builds started in so many seconds. */
const RUNNING_WINDOW_SECONDS = 1800;

/** The four plots, each without series where nothing was recorded. */
export function plotsOf(history: History): readonly Plot[] {
  return [queuePlot(history), machinesPlot(history), waitsPlot(history), slotsPlot(history)];
}

function queuePlot(history: History): Plot {
  const { shown, others } = kindsOf(history.samples);
  const waiting = ({ waiting: of }: Sample, kind: string): number => of[kind] ?? 0;
  const series = shown.map((kind, index) => ({
    label: kind,
    colour: KIND_COLOURS[index] ?? OTHER_COLOUR,
    of: (sample: Sample) => waiting(sample, kind),
  }));
  const rest = {
    label: `${others.length} other kinds`,
    colour: OTHER_COLOUR,
    of: (sample: Sample) => others.reduce((sum, kind) => sum + waiting(sample, kind), 0),
  };
  return {
    id: 'queue',
    title: 'Queue',
    unit: 'builds waiting',
    note: 'Builds that wait for a slot, by the kind of machine they need.',
    ...sampled(
      history,
      (others.length === 0 ? series : [...series, rest]).map((one) => ({ ...one, shape: 'stack' as const })),
    ),
  };
}

/** The kinds that waited most at any time come first; those beyond the palette are summed up. */
function kindsOf(samples: readonly Sample[]): {
  readonly shown: readonly string[];
  readonly others: readonly string[];
} {
  const peaks = new Map<string, number>();
  for (const { waiting } of samples) {
    for (const [kind, count] of Object.entries(waiting))
      peaks.set(kind, Math.max(count, peaks.get(kind) ?? 0));
  }
  const kinds = [...peaks]
    .toSorted(([a, high], [b, low]) => low - high || (a < b ? -1 : 1))
    .map(([kind]) => kind);
  const room = kinds.length > KIND_COLOURS.length ? KIND_COLOURS.length - 1 : kinds.length;
  return { shown: kinds.slice(0, room), others: kinds.slice(room) };
}

function machinesPlot(history: History): Plot {
  const seen = new Set(history.samples.flatMap(({ machines }) => Object.keys(machines)));
  return {
    id: 'machines',
    title: 'Machines',
    unit: 'machines',
    note: 'EC2 builders by phase, as the autoscaler remembers them: they should follow the queue up, and down when their paid time ends.',
    ...sampled(
      history,
      phasesAnd([...seen])
        .filter((phase) => seen.has(phase))
        .map((phase) => ({
          label: phase,
          colour: webColour(phase),
          shape: 'stack' as const,
          of: ({ machines }) => machines[phase] ?? 0,
        })),
    ),
  };
}

/** A sample, where it tells how many slots the ready machines offer. */
type SlotSample = Sample & { readonly slots?: number };

function slotsPlot(history: History): Plot {
  const samples: readonly SlotSample[] = history.samples;
  const slots = {
    label: 'slots',
    colour: '#e69f00',
    shape: 'step' as const,
    of: ({ slots: of }: SlotSample) => of ?? null,
  };
  const running = {
    label: 'running',
    colour: '#0072b2',
    shape: 'area' as const,
    of: (sample: Sample) => sample.running,
  };
  const isTold = samples.some(({ slots: of }) => of !== undefined);
  return {
    id: 'slots',
    title: 'Work',
    unit: 'steps',
    note: isTold
      ? 'Steps at work, and the slots that ready machines offer for them: the space between is idle.'
      : 'Steps at work on builders.',
    ...sampled(history, isTold ? [running, slots] : [running]),
  };
}

function waitsPlot(history: History): Plot {
  const waits = history.waits.toSorted((a, b) => a.at - b.at);
  const running = (part: number): number[] =>
    waits.map(({ at }, index) => minutes(runningQuantile(waits, index, at, part)));
  const line = (label: string, colour: string, part: number): Series => ({
    label,
    colour,
    shape: 'step',
    values: [null, ...running(part), null],
  });
  const points: Series = {
    label: 'a build',
    colour: '#56b4e9',
    shape: 'points',
    values: [null, ...waits.map(({ seconds }) => minutes(seconds)), null],
  };
  const { start, end } = spanOf(history);
  return {
    id: 'waits',
    title: 'Waiting time',
    unit: 'minutes',
    note: `How long each build had waited when it started. Median and 95th percentile are those of the last ${RUNNING_WINDOW_SECONDS / 60} minutes.`,
    times: [start, ...waits.map(({ at }) => history.startedAt + at), end],
    series: waits.length === 0 ? [] : [points, line('median', '#009e73', 0.5), line('95 %', '#d55e00', 0.95)],
  };
}

function runningQuantile(waits: History['waits'], last: number, at: number, part: number): number {
  const first = waits.findIndex((wait) => wait.at > at - RUNNING_WINDOW_SECONDS);
  return quantile(
    waits.slice(first, last + 1).map(({ seconds }) => seconds),
    part,
  );
}

const minutes = (seconds: number): number => Math.round(seconds / 0.6) / 100;

type SampledSeries = Omit<Series, 'values'> & { readonly of: (sample: Sample) => number | null };

function sampled(history: History, series: readonly SampledSeries[]): Pick<Plot, 'times' | 'series'> {
  const { samples, startedAt } = history;
  const { start, end } = spanOf(history);
  return {
    times: [start, ...samples.map(({ at }) => startedAt + at), end],
    series:
      samples.length === 0
        ? []
        : series.map(({ of, ...rest }) => ({ ...rest, values: [null, ...samples.map(of), null] })),
  };
}

/** The time axis of all plots, in epoch seconds. */
function spanOf({ startedAt, samples, waits, summary }: History): {
  readonly start: number;
  readonly end: number;
} {
  const last = Math.max(summary.virtualHours * 3600, samples.at(-1)?.at ?? 0, ...waits.map(({ at }) => at));
  return { start: startedAt, end: startedAt + last };
}
