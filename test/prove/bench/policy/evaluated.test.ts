import { expect, it } from 'vitest';
import { evaluated } from '../../../../local/prove/bench/policy/settings.ts';

it('takes batches of one size and kind for those of one jobset', () => {
  const batch = (steps: number, features: readonly string[] = []) => ({
    ...{ atSeconds: 10, system: 'x86_64-linux', features },
    durationsSeconds: Array.from({ length: steps }, () => 60),
  });
  const told = evaluated([batch(3), batch(3), batch(4), batch(3, ['kvm'])], 120);
  expect(told.map(({ evaluation }) => evaluation?.seconds)).toEqual([120, 120, 120, 120]);
  const jobsets = told.map(({ evaluation }) => evaluation?.jobset ?? '');
  expect(jobsets[1]).toBe(jobsets[0]);
  expect(new Set(jobsets).size).toBe(3);
  expect(jobsets.every((jobset) => /^[A-Za-z0-9_.:-]{1,200}$/.test(jobset))).toBe(true);
});
