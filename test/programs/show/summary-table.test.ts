import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { RunSummary } from '../../../local/programs/show/history.ts';
import { renderSummary } from '../../../local/programs/show/summary-table.ts';
import { summary } from './afternoon.ts';

const linesOf = (columns: number, colour = false): readonly string[] =>
  renderSummary(summary, columns, colour).trimEnd().split('\n');

test('tells every number with its unit, aligned', () => {
  expect(linesOf(120).map((line) => line.slice(0, 35).trimEnd())).toEqual([
    'SUMMARY',
    '  simulated time             5 h  r',
    '  builds done                355',
    '  steps lost                   0  w',
    '  builds failed                3  b',
    '  builds left                  2  s',
    '  median wait          8 min 5 s  f',
    '  95 % wait               46 min  9',
    '  machines launched           20  1',
    '  machine time billed     38.0 h  w',
    '  time at work            18.9 h  5',
    '  time idle               19.1 h  b',
    '  ticks                       60  r',
    '  rules broken                 0  j',
  ]);
});

test('explains what the number alone leaves open', () => {
  const text = linesOf(120).join('\n');
  expect(text).toContain('50 % of the time billed');
  expect(text).toContain('17 terminated');
  expect(text).toContain('random seed 1');
});

test('fits any terminal that the numbers fit', () => {
  for (const columns of [40, 60, 80, 100, 200]) {
    for (const line of linesOf(columns)) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test('is the same with colours, which mark what is bad', () => {
  expect(linesOf(80, true).map(stripVTControlCharacters)).toEqual(linesOf(80));
  const lineOf = (more: Partial<RunSummary>, name: string): string | undefined =>
    renderSummary({ ...summary, ...more }, 80, true)
      .split('\n')
      .find((line) => line.includes(name));
  expect(lineOf({ violations: 2 }, 'rules broken')).toContain('\u001b[31m        2\u001b[39m');
  expect(lineOf({ buildsLost: 7 }, 'steps lost')).toContain('\u001b[31m        7\u001b[39m');
  expect(lineOf({}, 'rules broken')).toContain('\u001b[32m        0\u001b[39m');
});
