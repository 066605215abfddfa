import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../../local/prove/simulate/fault-kinds.ts';
import type { FaultName } from '../../../local/prove/simulate/fault-kinds.ts';
import { simulate } from '../../../local/prove/simulate/simulate.ts';
import type { SimulateOptions } from '../../../local/prove/simulate/simulate.ts';
import { sampled } from '../../needs.ts';

const brokenRules = async (options: SimulateOptions): Promise<readonly string[]> => {
  const { violations } = await simulate(options);
  return violations.map(({ rule, what }) => `seed ${options.seed}, rule ${rule}: ${what}`);
};

const range = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe('the same seed', () => {
  it('gives the same outcome and the same history, byte for byte', async () => {
    const told = async (): Promise<string> => {
      const lines: unknown[] = [];
      const outcome = await simulate({ seed: 11, hours: 6, tell: (line) => lines.push(line) });
      return JSON.stringify([outcome, lines]);
    };

    expect(await told()).toBe(await told());
  });

  it('is another farm with another number', async () => {
    const [one, other] = [await simulate({ seed: 1, hours: 6 }), await simulate({ seed: 2, hours: 6 })];

    expect({ ...one, seed: 0 }).not.toEqual({ ...other, seed: 0 });
  });
});

describe('no rule breaks', () => {
  it.each(sampled(range(1, 5), 3))('when nothing goes wrong (seed %i)', async (seed) => {
    expect(await brokenRules({ seed, hours: 24, faults: [] })).toEqual([]);
  });

  it.each(sampled(range(1, 12), 6))('when everything goes wrong (seed %i)', async (seed) => {
    expect(await brokenRules({ seed, hours: 24 })).toEqual([]);
  });

  it.each(sampled(FAULT_NAMES, 8))(
    'when the only fault is %s, and it does strike',
    async (name: FaultName) => {
      // Where a kind is rare, longer: in six hours nobody takes off a tag.
      const hours = name === 'tags-removed' ? 24 : 6;
      const { violations, faults } = await simulate({ seed: 6, hours, faults: [name] });

      expect(violations).toEqual([]);
      const struck = Object.keys(faults).some((kind) => kind.split(':')[0] === name);
      // Both strike only while outputs are copied back to Hydra, which is rare.
      expect(struck || name === 'quiet-silent' || name === 'status-torn').toBe(true);
    },
  );
});

describe('faults', () => {
  it('that are switched off do not strike', async () => {
    const { faults } = await simulate({ seed: 3, hours: 12, faults: ['ec2-error', 'runner-hangs'] });

    const kinds = new Set(Object.keys(faults).map((kind) => kind.split(':')[0]));
    expect([...kinds].toSorted()).toEqual(['ec2-error', 'runner-hangs']);
  });

  it('cost no build and leave no machine behind', async () => {
    const outcome = await simulate({ seed: 5, hours: 24 });

    expect(outcome.buildsDone).toBeGreaterThan(100);
    expect(outcome).toMatchObject({ buildsRetriedByUs: 0, instancesLeaked: 0 });
    expect(outcome.worstRecoverySeconds).toBeLessThanOrEqual(3 * 300 + 280);
  });
});
