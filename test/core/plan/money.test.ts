/** What machines cost, in words and figures; and why not where it is not known. */
import { describe, expect, it } from 'vitest';
import { moneyInWords, moneyOf } from '../../../lambdas/core/plan/money.ts';
import type { Costing } from '../../../lambdas/core/plan/money.ts';
import { dollars } from '../../../lambdas/core/text/dollars.ts';
import { LINUX, aType } from '../given.ts';

const machine = (phase: string, dollarsPerHour?: number): Costing => ({
  type: LINUX,
  phase,
  pool: { instanceType: 'c7i.2xlarge', subnet: '', market: 'spot' },
  ...(dollarsPerHour !== undefined && { dollarsPerHour }),
});
const words = (...machines: readonly Costing[]) => moneyInWords(moneyOf(machines, [aType(LINUX)], undefined));

describe('the money of machines', () => {
  it('is that of those that AWS bills', () => {
    const phases = [
      'booting',
      'ready',
      'draining',
      'failed',
      'stopping',
      'stopped',
      'terminating',
      'unrecorded',
    ];
    const money = moneyOf(
      phases.map((phase) => machine(phase, 0.25)),
      [aType(LINUX)],
      undefined,
    );
    expect(money).toEqual({ dollarsPerHour: 1, machines: 4, unpriced: 0 });
  });

  it.each<[readonly Costing[], string | undefined]>([
    [[], undefined],
    [[machine('stopped', 1)], undefined],
    [[machine('ready', 0.357)], '1 machine costs $0.36 an hour'],
    [[machine('ready', 0.357), machine('booting', 0.714)], '2 machines cost $1.07 an hour'],
    [
      [machine('ready', 0.357), machine('ready')],
      '1 of 2 machines cost $0.36 an hour; what the others do is not known: AWS has not been asked for prices yet',
    ],
    [[machine('ready')], 'what 1 machine costs is not known: AWS has not been asked for prices yet'],
    [
      [{ type: 'gone', phase: 'ready' }, machine('ready')],
      'what 2 machines cost is not known: its type is not configured',
    ],
  ])('of %j reads: %s', (machines, expected) => {
    expect(words(...machines)).toBe(expected);
  });

  it('has the reason that AWS gave, and the remedy', () => {
    const problem = { says: 'you may not', remedy: 'deploy again' };
    const prices = { askedAt: 0, asked: [], prices: [], problem };
    const { why } = moneyOf([machine('ready')], [aType(LINUX)], prices);
    expect(why).toBe('you may not. Remedy: deploy again');
  });

  it('shows small amounts in more digits', () => {
    expect([0.00421, 0.1, 12.345].map(dollars)).toEqual(['$0.0042', '$0.10', '$12.35']);
  });
});
