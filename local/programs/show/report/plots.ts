/** The report's plots of a run, and those that it shares with the report of a deployed farm. */
import type { History, Sample } from '../history.ts';
import { phasesAnd, webColour } from '../phases.ts';
import { KIND_COLOURS, kindColours } from './kind-colours.ts';
import { sampled, spanOf } from './plot.ts';
import type { Course, Plot, Series, Values } from './plot.ts';
import { waitsPlot } from './waits-plot.ts';

/** How many kinds are shown one by one. */
const SHOWN_KINDS = KIND_COLOURS.length;
const OTHER_COLOUR = '#bbbbbb';

/** The four plots, each without series where nothing was recorded. */
export function plotsOf(history: History): readonly Plot[] {
  const course = { ...history, end: spanOf(history).end };
  return stackedAll([queuePlot(course), machinesPlot(course), waitsPlot(history), slotsPlot(course)]);
}

/** The plots with the tops of their stacked areas. */
export const stackedAll = (plots: readonly Plot[]): readonly Plot[] =>
  plots.map((plot) => ({ ...plot, series: stacked(plot.series) }));

function stacked(series: readonly Series[]): readonly Series[] {
  let below: Values = [];
  return series.map((one) => {
    if (one.shape !== 'stack') return one;
    const base = below;
    below = one.values.map((value, index) => (value === null ? null : value + (base[index] ?? 0)));
    return { ...one, tops: below };
  });
}

/** What the plots of queue and machines need of a sample. */
export interface Seen {
  readonly at: number;
  /** By kind; absent where it is not known. */
  readonly waiting?: Readonly<Record<string, number>>;
  /** By phase. */
  readonly machines: Readonly<Record<string, number>>;
}

/** @param course of any farm. */
export function queuePlot(course: Course<Seen>): Plot {
  const { shown, others } = kindsOf(course.samples);
  const waiting = ({ waiting: of }: Seen, kind: string): number | null =>
    of === undefined ? null : (of[kind] ?? 0);
  const colours = kindColours(shown);
  const series = shown.map((kind) => ({
    label: kind,
    colour: colours.get(kind) ?? OTHER_COLOUR,
    of: (sample: Seen) => waiting(sample, kind),
  }));
  const rest = {
    label: `${others.length} other kinds`,
    colour: OTHER_COLOUR,
    of: (sample: Seen) =>
      sample.waiting === undefined
        ? null
        : others.reduce((sum, kind) => sum + (waiting(sample, kind) ?? 0), 0),
  };
  return {
    id: 'queue',
    title: 'Queue',
    unit: 'builds waiting',
    note: 'Builds that wait for a slot, by the kind of machine they need.',
    ...sampled(
      course,
      (others.length === 0 ? series : [...series, rest]).map((one) => ({ ...one, shape: 'stack' as const })),
    ),
  };
}

/** The kinds that waited most at any time come first; those beyond the palette are summed up. */
function kindsOf(samples: readonly Seen[]): {
  readonly shown: readonly string[];
  readonly others: readonly string[];
} {
  const peaks = new Map<string, number>();
  for (const { waiting = {} } of samples) {
    for (const [kind, count] of Object.entries(waiting))
      peaks.set(kind, Math.max(count, peaks.get(kind) ?? 0));
  }
  const kinds = [...peaks]
    .toSorted(([a, high], [b, low]) => low - high || (a < b ? -1 : 1))
    .map(([kind]) => kind);
  const room = kinds.length > SHOWN_KINDS ? SHOWN_KINDS - 1 : kinds.length;
  return { shown: kinds.slice(0, room), others: kinds.slice(room) };
}

/** @param course of any farm. */
export function machinesPlot(course: Course<Seen>): Plot {
  const seen = new Set(course.samples.flatMap(({ machines }) => Object.keys(machines)));
  return {
    id: 'machines',
    title: 'Machines',
    unit: 'machines',
    note: 'EC2 builders by phase, as the autoscaler remembers them: they follow the queue up, and go when they are not needed and their paid time ends.',
    ...sampled(
      course,
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

function slotsPlot(course: Course<Sample>): Plot {
  const slots = {
    label: 'slots',
    colour: '#e69f00',
    shape: 'step' as const,
    of: (sample: Sample) => sample.slots,
  };
  const running = {
    label: 'running',
    colour: '#0072b2',
    shape: 'area' as const,
    of: (sample: Sample) => sample.running,
  };
  return {
    id: 'slots',
    title: 'Work',
    unit: 'steps',
    note: 'Steps at work, and the slots that ready and draining machines have for them: the space between is idle.',
    ...sampled(course, [running, slots]),
  };
}
