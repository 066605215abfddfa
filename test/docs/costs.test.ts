/** Whether what the pages say a farm costs that sleeps is what its calls come to. */
import { describe, expect, it } from 'vitest';
import { measure } from '../../local/prove/bench/measure.ts';
import { textOf } from './documents.ts';

const MONTH_SECONDS = 30 * 24 * 3600;
/** List prices of us-east-1, in dollars. */
const GB_SECOND = 0.0000133334;
const REQUEST = 0.2e-6;
const WRITE = 0.625e-6;
const READ = 0.125e-6;
const LOG_GB = 0.5;

const page = textOf('docs/costs.md');
const said = (pattern: RegExp): number => Number(pattern.exec(page)?.[1] ?? NaN);

describe('a farm that sleeps', () => {
  it('costs by its calls what the page says, and below $1.50 by a clock of a minute', async () => {
    const { dynamoCalls, readUnits, writeUnits, hostLooks } = await measure(10, () => undefined);
    expect([hostLooks, dynamoCalls > 0]).toEqual([1, true]);
    // An entry of the journal is a write or two more, by its size.
    const [writes, reads] = [writeUnits + 2, readUnits];
    expect([writes, reads]).toEqual([said(/(\d+) writes and/), said(/writes and (\d+) reads/)]);
    const seconds = said(/one look, about (\d+) s/);
    const costs = (periodSeconds: number): number => {
      const ticks = MONTH_SECONDS / periodSeconds;
      const log = (said(/about (\d+) KB/) / 1e6) * LOG_GB;
      return ticks * (seconds * 0.5 * GB_SECOND + REQUEST + writes * WRITE + reads * READ + log);
    };
    expect(costs(60)).toBeLessThan(1.5);
    const [, five, one] = /a farm that sleeps\*\* +\| +\| \S+ to (\S+) +\| \S+ to (\S+) /.exec(page) ?? [];
    expect(costs(300)).toBeCloseTo(Number(five), 2);
    expect(costs(60)).toBeCloseTo(Number(one), 1);
  });
});
