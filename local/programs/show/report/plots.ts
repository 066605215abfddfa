/** The report's plots. */
import type { History, Sample } from '../history.ts';
import { phasesAnd, webColour } from '../phases.ts';
import { KIND_COLOURS, kindColours } from './kind-colours.ts';
import { sampled } from './plot.ts';
import type { Plot, Series, Values } from './plot.ts';
import { waitsPlot } from './waits-plot.ts';

/** How many kinds are shown one by one. */
const SHOWN_KINDS = KIND_COLOURS.length;
const OTHER_COLOUR = '#bbbbbb';

/** The four plots, each without series where nothing was recorded. */
export function plotsOf(history: History): readonly Plot[] {
  const plots = [queuePlot(history), machinesPlot(history), waitsPlot(history), slotsPlot(history)];
  return plots.map((plot) => ({ ...plot, series: stacked(plot.series) }));
}

function stacked(series: readonly Series[]): readonly Series[] {
  let below: Values = [];
  return series.map((one) => {
    if (one.shape !== 'stack') return one;
    const base = below;
    below = one.values.map((value, index) => (value === null ? null : value + (base[index] ?? 0)));
    return { ...one, tops: below };
  });
}

function queuePlot(history: History): Plot {
  const { shown, others } = kindsOf(history.samples);
  const waiting = ({ waiting: of }: Sample, kind: string): number => of[kind] ?? 0;
  const colours = kindColours(shown);
  const series = shown.map((kind) => ({
    label: kind,
    colour: colours.get(kind) ?? OTHER_COLOUR,
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
  const room = kinds.length > SHOWN_KINDS ? SHOWN_KINDS - 1 : kinds.length;
  return { shown: kinds.slice(0, room), others: kinds.slice(room) };
}

function machinesPlot(history: History): Plot {
  const seen = new Set(history.samples.flatMap(({ machines }) => Object.keys(machines)));
  return {
    id: 'machines',
    title: 'Machines',
    unit: 'machines',
    note: 'EC2 builders by phase, as the autoscaler remembers them: they follow the queue up, and go when they are not needed and their paid time ends.',
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

function slotsPlot(history: History): Plot {
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
    ...sampled(history, [running, slots]),
  };
}
