import { expect, test } from 'vitest';
import { painter } from '../../../local/programs/show/paint.ts';
import { renderResult } from '../../../local/programs/show/vector-page.ts';

test('a case is its types in numbers and its machines by what becomes of them', () => {
  const result = {
    name: 'one-more',
    wanted: { 'x86_64-linux': 3, 'aarch64-linux': 0 },
    allowed: { 'x86_64-linux': 2, 'aarch64-linux': 0 },
    launch: { 'x86_64-linux': 1 },
    start: [],
    listed: ['a', 'b'],
    drained: [],
    stopped: [],
    terminated: ['c'],
    machinesFile: '',
    problems: ['the status is stale'],
  };
  expect(renderResult(result, 80, painter(false)).split('\n')).toEqual([
    'one-more',
    '  wanted  allowed  launch  type',
    '       3        2       1  x86_64-linux',
    '       0        0       0  aarch64-linux',
    '  listed: a, b',
    '  terminated: c',
    '  problem: the status is stale',
    '',
  ]);
});
