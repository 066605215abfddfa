/** Settings that are allowed, and cost more than people think. */
import { describe, expect, it } from 'vitest';
import { adviceFor, costsOf } from '../../../lambdas/core/config/costs.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { aType, LINUX } from '../given.ts';

const fields = (written: Partial<WrittenMachineType>, key = LINUX): readonly string[] =>
  costsOf(aType(key, { billing: 'per-second', runnablesPerMachine: undefined, ...written })).map(
    ({ field }) => field,
  );

describe('what a setting costs', () => {
  it.each<[Partial<WrittenMachineType>, readonly string[], string?]>([
    [{}, []],
    [{ billing: 'hourly' }, ['billing']],
    [{ billing: 'hourly' }, [], 'x86_64-freebsd'],
    [{ billing: 'auto' }, []],
    [{ billing: 'auto' }, [], 'x86_64-freebsd'],
    [{ runnablesPerMachine: 3, maxJobs: 4 }, ['runnablesPerMachine']],
    [{ runnablesPerMachine: 4, maxJobs: 4 }, []],
    [{ ignoredRunnables: 3, maxJobs: 10 }, []],
    [{ ignoredRunnables: 3, maxJobs: 20 }, ['runnablesPerMachine']],
    [{ gracePeriod: 241 }, ['gracePeriod']],
    [{ gracePeriod: 240 }, []],
    [{ gracePeriod: 600, billing: 'hourly' }, ['billing']],
    [{ targetWait: 60, maxJobs: 20 }, []],
  ])('%j: %j', (written, expected, key) => {
    expect(fields(written, key)).toEqual(expected);
  });
  it('is told as often as it is there, where it is written, and refuses nothing', () => {
    const type = { runnablesPerMachine: 2, maxJobs: 4, gracePeriod: 600, billing: 'per-second' };
    const { warnings, problems } = parseConfig(
      { host: { instanceId: 'i-0123456789abcdef0' }, systemTypes: { [LINUX]: type } },
      suggest,
    );
    expect(problems).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual([
      `systemTypes.${LINUX}.runnablesPerMachine`,
      `systemTypes.${LINUX}.gracePeriod`,
    ]);
    expect(warnings[0]?.says).toMatch(/up to 2 times as many machines .* raise it to 4/);
  });
});

describe('advice', () => {
  it.each<[Partial<WrittenMachineType>, readonly string[], string?]>([
    [{}, ['market']],
    [{ market: 'spot' }, []],
    [{ market: 'spot-then-on-demand', maxJobs: 8 }, ['maxJobs']],
    [{ maxJobs: 7 }, ['market']],
    [{ maxJobs: 8 }, ['market', 'maxJobs']],
    [{ stopOnIdle: true }, []],
    [{ supportedFeatures: ['kvm'] }, []],
    [{}, [], 'x86_64-linux:kvm'],
  ])('for %j is about %j', (written, expected, key = LINUX) => {
    expect(adviceFor(aType(key, written)).map(({ field }) => field)).toEqual(expected);
  });
});
