import { expect, it } from 'vitest';
import { count } from '../../../lambdas/core/text/count.ts';
import { parseTrace } from '../../../local/world/trace.ts';

it.each([
  [0, '0 machines'],
  [1, '1 machine'],
  [2, '2 machines'],
])('%i of a thing', (number, words) => {
  expect(count(number, 'machine')).toBe(words);
});

it('many may be another word', () => {
  expect([1, 2].map((number) => count(number, 'free address', 'free addresses'))).toEqual([
    '1 free address',
    '2 free addresses',
  ]);
});

it.each([
  ['x', /^the trace has 1 problem:\n/],
  ['x\ny', /^the trace has 2 problems:\n/],
])('problems of a trace are counted so', (lines, words) => {
  expect(() => parseTrace(`arrival_s,system,duration_s\n${lines}\n`)).toThrow(words);
});
