import { describe, expect, test } from 'vitest';
import { intSetting } from '../../../../lambdas/hydra/cpp/doctor/hydra-conf.ts';

describe('a whole number of hydra.conf', () => {
  test.each<[string, number | 'unset' | 'invalid']>([
    ['n = 5', 5],
    [' n=5 ', 5],
    ['n = 5 # n = 6', 5],
    ['# n = 5', 'unset'],
    ['n = 5\nn = 0 # off', 0],
    ['n = 24h', 24],
    ['n = 1.5', 1],
    ['<block>\n  n = 7\n</block>', 7],
    ['n 5', 'unset'],
    ['nn = 5', 'unset'],
    ['n = -1', Infinity],
    ['n =', 'invalid'],
    ['n = soon', 'invalid'],
    ['n = 99999999999', 'invalid'],
    ['', 'unset'],
  ])('%j is %s', (text, value) => {
    expect(intSetting(text, 'n')).toBe(value);
  });
});
