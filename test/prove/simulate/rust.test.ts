/** The same function, farms and judge, where the Hydra host has the Rust queue runner. */
import { describe, expect, it } from 'vitest';
import { faultNamesOf } from '../../../local/prove/simulate/fault-kinds.ts';
import type { FaultName } from '../../../local/prove/simulate/fault-kinds.ts';
import { simulate } from '../../../local/prove/simulate/simulate.ts';
import type { SimulateOptions } from '../../../local/prove/simulate/simulate.ts';
import { sampled } from '../../needs.ts';

const RUST_NAMES = faultNamesOf('rust').filter((name) => !faultNamesOf('cpp').includes(name));

const brokenRules = async (options: Omit<SimulateOptions, 'runner'>): Promise<readonly string[]> => {
  const { violations } = await simulate({ ...options, runner: 'rust' });
  return violations.map(({ rule, what }) => `seed ${options.seed}, rule ${rule}: ${what}`);
};

describe('with the Rust queue runner', () => {
  it('the same seed gives the same outcome, byte for byte', async () => {
    const told = async (): Promise<string> =>
      JSON.stringify(await simulate({ seed: 11, hours: 6, runner: 'rust' }));
    expect(await told()).toBe(await told());
  });

  it.each(sampled([1, 2, 3, 4], 2))('no rule breaks when nothing goes wrong (seed %i)', async (seed) => {
    expect(await brokenRules({ seed, hours: 24, faults: [] })).toEqual([]);
  });

  it.each(sampled(RUST_NAMES, 8))('no rule breaks when the only fault is %s', async (name: FaultName) => {
    const { violations, faults } = await simulate({ seed: 6, hours: 12, faults: [name], runner: 'rust' });
    expect(violations).toEqual([]);
    expect(faults[name]).toBeGreaterThan(0);
  });

  it('none of the means of the other one are at fault', () => {
    expect(faultNamesOf('rust')).not.toContain('file-write-fails');
    expect(faultNamesOf('cpp')).not.toContain('gate-late');
  });
});
