/** The plots of a deployed farm's past. */
import type { Past, PastLook } from '../../past/past.ts';
import { sampled } from './plot.ts';
import type { Course, Plot } from './plot.ts';
import { machinesPlot, queuePlot, stackedAll } from './plots.ts';

/** Queue, machines, their work and what they cost; each without series where no tick looked. */
export function pastPlots({ startedAt, end, looks }: Past): readonly Plot[] {
  const course = { startedAt, end, samples: looks };
  return stackedAll([queuePlot(course), machinesPlot(course), workPlot(course), costPlot(course)]);
}

const workPlot = (course: Course<PastLook>): Plot => ({
  id: 'work',
  title: 'Work',
  unit: 'machines',
  note: 'Machines that the queue runner may use, with a step on them and idle. Empty where its status was not trusted.',
  ...sampled(course, [
    { label: 'with a step', colour: '#0072b2', shape: 'stack', of: ({ working }) => working ?? null },
    { label: 'idle', colour: '#e69f00', shape: 'stack', of: ({ idle }) => idle ?? null },
  ]),
});

const costPlot = (course: Course<PastLook>): Plot => ({
  id: 'cost',
  title: 'Cost',
  unit: 'dollars an hour',
  hasFractions: true,
  note: 'What the machines there were cost an hour, as far as their prices are known.',
  ...sampled(course, [
    {
      label: 'dollars an hour',
      colour: '#cc79a7',
      shape: 'area',
      of: ({ dollarsPerHour }) => cents(dollarsPerHour),
    },
  ]),
});

/** To a tenth of a cent, so that the page does not carry digits nobody sees. */
const cents = (dollars: number): number => Math.round(dollars * 1000) / 1000;
