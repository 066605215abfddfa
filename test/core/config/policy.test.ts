/** By what machines are counted and paid, where little is written. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';

const withType = (type: object, key = 'x86_64-linux'): object => ({
  host: { instanceId: 'i-0123456789abcdef0' },
  systemTypes: { [key]: type },
});
const problemsOf = (written: object) => parseConfig(written, () => undefined).problems;

function parsed(written: object) {
  const { config, problems } = parseConfig(written, () => undefined);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return config;
}

describe('how machines are counted', () => {
  const typeOf = (type: object, key?: string) => parsed(withType(type, key)).machineTypes[0];
  it('is by a target wait of ten minutes where nothing is said', () => {
    expect(typeOf({})?.targetWaitSeconds).toBe(600);
    expect(typeOf({ targetWait: 90 })?.targetWaitSeconds).toBe(90);
  });
  it.each([
    ['runnablesPerMachine', 10],
    ['ignoredRunnables', 0],
    ['gracePeriod', 0],
  ])('is hydra-provisioner’s where %s is named, be it with its default', (knob, value) => {
    expect(typeOf({ [knob]: value })).not.toHaveProperty('targetWaitSeconds');
    expect(typeOf({ [knob]: value })).toMatchObject({ ignoredRunnables: 0, runnablesPerMachine: 10 });
  });
  it('is not both: the two are named together, with what to do', () => {
    const both = { targetWait: 300, runnablesPerMachine: 5, gracePeriod: 60 };
    expect(problemsOf(withType(both))).toEqual([
      {
        path: 'systemTypes.x86_64-linux.targetWait',
        says: expect.stringMatching(
          /what steps take, and runnablesPerMachine and gracePeriod by how many .* remove those/,
        ) as unknown,
      },
    ]);
  });
  it.each([30, 59, 86_401, '10m'])('refuses a target of %j', (targetWait) => {
    expect(problemsOf(withType({ targetWait }))[0]?.path).toBe('systemTypes.x86_64-linux.targetWait');
  });
});

describe('billing', () => {
  const billingOf = (type: object, key?: string) => parsed(withType(type, key)).machineTypes[0];
  it.each([
    [{}, 'hourly', false],
    [{ runnablesPerMachine: 5 }, 'hourly', false],
    [{ targetWait: 300 }, 'per-second', true],
    [{ targetWait: 300, billing: 'hourly' }, 'hourly', false],
    [{ billing: 'auto' }, 'per-second', true],
    [{ billing: 'per-second' }, 'per-second', false],
    [{ billing: 'auto', market: 'spot' }, 'per-second', true],
  ])('%j is %s', (type, billing, isBillingAuto) => {
    expect(billingOf(type)).toMatchObject({ billing, isBillingAuto });
  });
  it('is by the hour where "auto" cannot know better', () => {
    expect(billingOf({ billing: 'auto' }, 'x86_64-darwin')?.billing).toBe('hourly');
  });
});
