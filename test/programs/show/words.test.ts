import { expect, test } from 'vitest';
import { byAttention, phaseCounts, terminalStyle, webColour } from '../../../local/programs/show/phases.ts';
import { progress, sparkline } from '../../../local/programs/show/sparkline.ts';
import {
  calendarDay,
  clockTime,
  count,
  dayTime,
  duration,
  period,
  share,
  timeTeller,
  wholeMinutes,
} from '../../../local/programs/show/words.ts';
import { NOON } from './afternoon.ts';

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [250, '4 min 10 s'],
  [3599, '59 min'],
  [3600, '1 h'],
  [7500, '2 h 05 min'],
  [-3, '0 s'],
])('%d seconds are told as %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test('in narrow columns time is rounded down', () => {
  expect([59, 60, 3599, 7260].map(wholeMinutes)).toEqual(['59 s', '1 min', '59 min', '121 min']);
});

test('times of day are those of UTC, wherever it runs', () => {
  expect(clockTime(NOON + 3900)).toBe('13:05');
  expect(calendarDay(NOON)).toBe('Monday, 2 March 2026');
});

test('the day is told where there are several', () => {
  expect(dayTime(NOON + 3900)).toBe('Mon 2 Mar 13:05');
  expect(timeTeller(NOON, NOON + 5 * 3600)(NOON)).toBe('12:00');
  expect(timeTeller(NOON, NOON + 12 * 3600)(NOON + 3600)).toBe('Mon 2 Mar 13:00');
  expect(period(NOON, NOON + 5 * 3600)).toBe('Monday, 2 March 2026, 12:00 to 17:00');
  expect(period(NOON, NOON + 200 * 3600)).toBe(
    'Monday, 2 March 2026, 12:00 to Tuesday, 10 March 2026, 20:00',
  );
});

test('a share of nothing is no number', () => {
  expect([share(18.86, 38), share(0, 0)]).toEqual(['50 %', '–']);
  expect([count(1, 'build'), count(2, 'build')]).toEqual(['1 build', '2 builds']);
});

test('a sparkline tells nothing from little and little from much, and keeps peaks when it is short', () => {
  expect(sparkline([0, 1, 50, 100], 10, 100)).toBe('▁▂▅█');
  expect(sparkline([0, 0, 0, 90, 0, 0], 3, 90)).toBe('▁█▁');
  expect(sparkline([], 10, 1)).toBe('');
  expect(sparkline([3], 0, 3)).toBe('');
});

test('a progress bar is as long as asked, however wrong the part', () => {
  expect(progress(0.25, 8)).toEqual(['━━', '──────']);
  for (const part of [-1, 2, NaN, Infinity]) expect(progress(part, 8).join('')).toHaveLength(8);
});

test('every phase has its own colour, on the terminal and on the page', () => {
  const phases = [
    'requested',
    'booting',
    'ready',
    'draining',
    'terminating',
    'stopping',
    'stopped',
    'failed',
  ];
  expect(new Set(phases.map(webColour)).size).toBe(phases.length);
  expect(new Set(phases.map(terminalStyle)).size).toBe(phases.length);
  expect(['ready', 'booting', 'failed', 'new'].toSorted(byAttention)).toEqual([
    'new',
    'failed',
    'booting',
    'ready',
  ]);
  expect(phaseCounts({ new: 1, failed: 2, ready: 0, booting: 3 })).toEqual([
    { phase: 'booting', count: 3 },
    { phase: 'failed', count: 2 },
    { phase: 'new', count: 1 },
  ]);
});
