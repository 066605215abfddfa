import { expect, test } from 'vitest';
import { NAMED_FAULTS } from '../../../local/programs/start/faults.ts';
import { termsOf, titleOf } from '../../../local/programs/start/terms.ts';

test('a title says what was let go wrong, and whose farm and queue it is', () => {
  expect(titleOf({ hours: 1, seed: 7 })).toBe('1 simulated hour, seed 7');
  expect(titleOf({ hours: 5, seed: 1, faults: ['spot', 'runner'] })).toBe(
    '5 simulated hours, seed 1, with faults: spot, runner',
  );
  expect(titleOf({ hours: 5, seed: 1, faults: Object.keys(NAMED_FAULTS) })).toMatch(/with faults: all$/);
  expect(titleOf({ hours: 5, seed: 1, farm: 'mine/autoscaler.json', trace: '/tmp/queue.csv' })).toBe(
    '5 simulated hours, seed 1, farm of autoscaler.json, queue of queue.csv',
  );
});

test('a usual run needs no words, any other one does', () => {
  expect(termsOf({ hours: 5, seed: 1 }, 5 * 3600)).toEqual([]);
  const terms = {
    hours: 5,
    seed: 1,
    faults: ['boot'],
    trace: '/tmp/queue.csv',
    farm: 'mine/autoscaler.json',
    runner: 'rust' as const,
  };
  expect(termsOf(terms, 6360)).toEqual([
    'Stopped after 1 h 46 min of 5 h.',
    'The Hydra host has the Rust queue runner.',
    'Fault on purpose (boot): one boot in five never gets as far as SSH.',
    'The farm is that of autoscaler.json.',
    'The queue is that of queue.csv.',
  ]);
});
