import { describe, expect, test } from 'vitest';
import type { History } from '../../../local/programs/show/history.ts';
import { KIND_COLOURS, kindColours } from '../../../local/programs/show/report/kind-colours.ts';
import { plotsOf } from '../../../local/programs/show/report/plots.ts';
import type { Plot } from '../../../local/programs/show/report/plot.ts';
import { history, NOON, nothing } from './afternoon.ts';

const plot = (of: History, id: string): Plot => {
  const found = plotsOf(of).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no plot ${id}`);
  return found;
};
const valueAt = ({ times, series }: Plot, label: string, at: number): number | null | undefined =>
  series.find((one) => one.label === label)?.values[times.lastIndexOf(NOON + at)];

describe('the plots', () => {
  test('share one time axis, from the start to the end of the run', () => {
    for (const { times, series } of plotsOf(history)) {
      expect([times.at(0), times.at(-1)]).toEqual([NOON, NOON + 5 * 3600]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { values } of series) expect(values).toHaveLength(times.length);
    }
  });

  test('have no series where nothing was recorded', () => {
    expect(plotsOf(nothing).map(({ series }) => series)).toEqual([[], [], [], []]);
  });

  test('show what was sampled', () => {
    expect(valueAt(plot(history, 'queue'), 'x86_64-linux', 3900)).toBe(60);
    expect(valueAt(plot(history, 'queue'), 'aarch64-linux', 3900)).toBe(74);
    expect(valueAt(plot(history, 'machines'), 'ready', 3900)).toBe(12);
    expect(valueAt(plot(history, 'slots'), 'running', 3900)).toBe(46);
  });

  test('stack each area on those before it', () => {
    for (const id of ['queue', 'machines']) {
      const { series, times } = plot(history, id);
      expect(series.length).toBeGreaterThan(1);
      for (const index of times.keys()) {
        const values = series.map((one) => one.values[index] ?? 0);
        const sum = values.reduce((all, value) => all + value, 0);
        expect(series.at(-1)?.tops?.[index] ?? 0).toBe(sum);
      }
    }
  });

  test('stack phases in the order of a machine’s life, each in its colour', () => {
    const { series } = plot(history, 'machines');
    expect(series.map(({ label, colour }) => [label, colour])).toEqual([
      ['ready', '#009e73'],
      ['booting', '#e69f00'],
      ['draining', '#56b4e9'],
    ]);
  });

  test('keep the kinds that waited most and sum up the rest when colours run out', () => {
    const samples = history.samples.map((sample) => ({
      ...sample,
      waiting: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`kind-${index}`, index + 1])),
    }));
    const queue = plot({ ...history, samples }, 'queue');
    expect(queue.series.map(({ label }) => label)).toEqual([
      ...[9, 8, 7, 6, 5, 4].map((index) => `kind-${index}`),
      '4 other kinds',
    ]);
    expect(valueAt(queue, '4 other kinds', 3900)).toBe(1 + 2 + 3 + 4);
  });

  test('give a kind the same colour in every run, and none of a phase', () => {
    const coloursWith = (waiting: Record<string, number>): Record<string, string> => {
      const samples = history.samples.map((sample) => ({ ...sample, waiting }));
      const { series } = plot({ ...history, samples }, 'queue');
      return Object.fromEntries(series.map(({ label, colour }) => [label, colour]));
    };
    const one = coloursWith({ 'x86_64-linux': 9, 'aarch64-linux': 1 });
    const other = coloursWith({ 'i686-linux': 3, 'aarch64-linux': 90, 'x86_64-linux': 2 });
    expect(other).toMatchObject(one);
    expect(new Set(Object.values(other)).size).toBe(3);
    const ofPhases = plot(history, 'machines').series.map(({ colour }) => colour);
    expect(ofPhases.filter((colour) => Object.values(other).includes(colour))).toEqual([]);
  });

  test('have a colour for each kind, also where names fall on the same', () => {
    const kinds = Array.from({ length: KIND_COLOURS.length }, (_, index) => `kind-${index}`);
    expect(new Set(kindColours(kinds).values())).toEqual(new Set(KIND_COLOURS));
  });

  test('show slots beside the steps', () => {
    const samples = history.samples.map((sample) => ({ ...sample, slots: 48 }));
    const told = plot({ ...history, samples }, 'slots');
    expect(told.series.map(({ label }) => label)).toEqual(['running', 'slots']);
    expect(valueAt(told, 'slots', 3900)).toBe(48);
    expect(told.note).toContain('idle');
  });

  test('show each wait, and median and 95th percentile of the last half hour, in minutes', () => {
    const waits = [
      ...Array.from({ length: 99 }, (_, index) => ({ at: 600, seconds: (index + 1) * 60 })),
      { at: 4000, seconds: 30 },
    ];
    const of = plot({ ...history, waits: waits.toReversed() }, 'waits');
    expect(valueAt(of, 'a build', 4000)).toBe(0.5);
    expect(valueAt(of, 'median', 600)).toBe(50);
    expect(valueAt(of, '95 %', 600)).toBe(95);
    expect(valueAt(of, 'median', 4000)).toBe(0.5);
  });

  test('take a run of many builds', () => {
    const waits = Array.from({ length: 150_000 }, (_, index) => ({ at: index / 10, seconds: index % 600 }));
    expect(plot({ ...history, waits }, 'waits').times).toHaveLength(150_002);
  });
});
