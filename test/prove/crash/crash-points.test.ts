import { describe, expect, it } from 'vitest';
import { crashEverywhere, crashRun } from '../../../local/prove/crash/crash-run.ts';
import { SCENARIOS } from '../../../local/prove/crash/scenarios.ts';
import { sampled } from '../../needs.ts';

/** All points take minutes and are for `npm run simulate:crashes`; this many steps apart they take seconds. */
const STEP = 61;

it('has thirty scenarios or more, each under a name of its own', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(30);
});

it('kills before and after a call, so that one point more is one call further', async () => {
  const [first] = SCENARIOS;
  if (first === undefined) throw new Error('there are scenarios');
  const killed = [1, 2, 3].map(async (point) => (await crashRun(first, point)).killedAt?.name);

  expect(await Promise.all(killed)).toEqual([
    'before store.acquire',
    'after store.acquire',
    'before store.load',
  ]);
});

describe('a function killed anywhere', () => {
  it.each(sampled(SCENARIOS, 4).map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      const { violations, tried } = await crashEverywhere(scenario, STEP);

      expect(violations).toEqual([]);
      expect(tried).toBeGreaterThan(0);
    },
  );
});
