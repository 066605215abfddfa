/** Values that cannot be, told in the words of people: what is wanted, what is there, and what to write. */
import { describe, expect, it } from 'vitest';
import { builderSchema } from '../../../lambdas/core/config/builder-schema.ts';
import { deploySchema } from '../../../lambdas/core/config/deploy-schema.ts';
import { UNITS } from '../../../lambdas/core/config/issue-words.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { machineTypeSchema } from '../../../lambdas/core/config/machine-type.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';

const HOST = { instanceId: 'i-0123456789abcdef0' };

function saidOf(written: object): string {
  const { problems } = parseConfig({ host: HOST, ...written }, suggest);
  return problems.map(({ says }) => says).join('; ');
}

const ofType = (type: object): string => saidOf({ systemTypes: { 'x86_64-linux': type } });
const ofBuilder = (builder: object): string => saidOf({ deploy: { builder } });

describe('a number', () => {
  it.each([
    ['10m', 'must be a number of seconds, is "10m"; write 600'],
    ['10 min', 'is "10 min"; write 600'],
    ['2h', 'write 7200'],
    ['90s', 'write 90'],
    ['600', 'write 600 without quotes'],
    ['soon', 'must be a number of seconds, is "soon"'],
    [null, 'must be a number of seconds, is null'],
    [[1], 'is a list'],
    [-1, 'must be at least 0 seconds, is -1'],
  ])('of seconds is not %j', (gracePeriod, words) => {
    expect(ofType({ gracePeriod })).toContain(words);
  });

  it('of minutes or GiB is put into its unit', () => {
    expect(ofBuilder({ deadManMinutes: '2h' })).toContain('must be a number of minutes, is "2h"; write 120');
    expect(ofBuilder({ diskGiB: '100GB' })).toContain('write 100');
    expect(ofBuilder({ diskGiB: '1 TiB' })).toContain('write 1024');
    expect(ofBuilder({ diskGiB: 20_000 })).toContain('must be at most 16384 GiB, is 20000');
  });

  it('without a unit is not taken for a duration', () => {
    expect(ofType({ maxJobs: '10m' })).toBe('must be a number, is "10m"');
    expect(ofType({ maxJobs: 1.5 })).toBe('must be a whole number, is 1.5');
  });
});

describe('other values', () => {
  it.each([
    [{ stopOnIdle: 'True' }, 'must be true or false, is "True"; write true without quotes'],
    [{ market: 'spott' }, '"spot-then-on-demand", is "spott"; did you mean "spot"?'],
    [{ instanceTypes: 'c7i.large' }, 'must be a list in [ ], is "c7i.large"; write ["c7i.large"]'],
    [{ instanceTypes: [] }, 'must have at least 1 entry'],
    [{ launchTemplate: 5 }, 'must be text in quotes, is 5; write "5"'],
    [{ launchTemplate: 'x'.repeat(500) }, 'must be a launch template name'],
    [{ maxMachines: { a: 1 } }, 'is an object'],
    [{ market: 'x'.repeat(500) }, 'xxx…'],
  ])('%j', (type, words) => {
    expect(ofType(type)).toContain(words);
  });

  it('of objects are told from lists', () => {
    expect(saidOf({ systemTypes: [] })).toBe('must be an object in { }, is a list');
    expect(saidOf({ deploy: { upload: 1, builder: 'x' } })).toContain('must be an object in { }, is "x"');
    expect(ofBuilder({ upload: {} })).toContain('is missing; it must be text in quotes');
  });
});

it('the units are those of settings there are', () => {
  const known = [machineTypeSchema, builderSchema, deploySchema].flatMap(({ shape }) => Object.keys(shape));
  expect(Object.keys(UNITS).filter((setting) => !known.includes(setting))).toEqual([]);
});
