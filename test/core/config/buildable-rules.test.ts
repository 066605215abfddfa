/** Machines that could not be had, could not start, or would never get a build. */
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';

const HOST = { instanceId: 'i-0123456789abcdef0' };
const parse = (key: string, type: object) =>
  parseConfig({ host: HOST, systemTypes: { [key]: type } }, suggest);

function saidOf(key: string, type: object = {}): string {
  const { problems } = parse(key, type);
  return problems.map(({ path, says }) => `${path.replace(`systemTypes.${key}`, 'K')}: ${says}`).join('\n');
}

const warnedOf = (key: string, type: object = {}): string =>
  parse(key, { billing: 'auto', ...type })
    .warnings.map(({ path, says }) => `${path.replace(`systemTypes.${key}`, 'K')}: ${says}`)
    .join('\n');

describe('refused', () => {
  it.each([
    ['x86-64-linux', {}, 'K: "x86-64-linux" is no system that Nix knows; did you mean "x86_64-linux"?'],
    ['linux', {}, 'did you mean "x86_64-linux" or "aarch64-linux"?'],
    ['X86_64-Linux', {}, 'did you mean "x86_64-linux"?'],
    ['x86_64-linux,arm64', {}, '"arm64" is no system'],
    ['big-parallel', {}, 'write it as Nix does'],
    ['x86_64-linux,builtin', {}, '"builtin" is no system of machines'],
    ['x86_64-linux:local', {}, '"local" in the name is no feature'],
    [
      'x86_64-linux',
      { instanceTypes: ['c7g.2xlarge'] },
      'K.instanceTypes: c7g.2xlarge (arm64) cannot build for x86_64-linux',
    ],
    [
      'aarch64-linux',
      { instanceTypes: ['c7g.large', 'c7i.large'] },
      'c7i.large (x86_64) cannot build for aarch64-linux',
    ],
    ['x86_64-linux', { instanceTypes: ['mac1.metal'] }, 'mac1.metal (mac) cannot build'],
    ['armv7l-linux', { instanceTypes: ['c7i.large'] }, 'families of Graviton'],
    ['x86_64-linux', { instanceTypes: ['c7i.2xlarg'] }, 'did you mean "c7i.2xlarge"?'],
    [
      'x86_64-linux',
      { instanceTypes: ['c7i.large', 'c7i.huge'] },
      'K.instanceTypes.1: "c7i.huge" is no instance type',
    ],
    [
      'x86_64-linux,aarch64-linux',
      { instanceTypes: ['c7i.large', 'c7g.large'] },
      'K.image: is for x86_64, which c7g.large (arm64) cannot boot',
    ],
    ['x86_64-linux', { image: { architecture: 'arm64' } }, 'K.image: is for arm64'],
  ])('%s %j', (key, type, words) => {
    expect(saidOf(key, type)).toContain(words);
  });

  it('once, by the rule that comes first', () => {
    expect(saidOf('x86_64-linux', { instanceTypes: ['c7g.2xlarge'] }).split('\n')).toHaveLength(1);
    expect(saidOf('x86-64-linux', { instanceTypes: ['c7g.2xlarge'] }).split('\n')).toHaveLength(1);
  });
});

describe('let through', () => {
  it.each([
    ['x86_64-linux,i686-linux:kvm', {}],
    ['x86_64-v3-linux', { instanceTypes: ['c7a.large'] }],
    ['armv7l-linux,armv6l-linux', { instanceTypes: ['c6g.large', 't4g.large'] }],
    ['riscv64-linux', {}],
    ['aarch64-darwin', { instanceTypes: ['mac2.metal'] }],
    ['x86_64-linux,aarch64-linux', {}],
    ['aarch64-linux,x86_64-linux', { instanceTypes: ['c7i.large'], image: { architecture: 'x86_64' } }],
    [
      'aarch64-linux',
      { instanceTypes: ['c7i.large', 'c7g.large'].slice(1), image: { id: 'ami-0123456789abcdef0' } },
    ],
  ])('%s %j, as far as the configuration goes', (key, type) => {
    expect(saidOf(key, type)).toBe('');
    expect(warnedOf(key, type)).toBe('');
  });

  it('with a warning: a family that may be new', () => {
    const type = { instanceTypes: ['c71.2xlarge', 'zz1.large'] };
    expect(saidOf('x86_64-linux', type)).toBe('');
    expect(warnedOf('x86_64-linux', type)).toMatch(
      /K\.instanceTypes\.0: the family c71 .*did you mean "c7[a-z]\.2xlarge"\?/,
    );
    expect(warnedOf('x86_64-linux', type)).toContain('K.instanceTypes.1: the family zz1 is not known here; ');
  });

  it.each([
    ['x86_64-linux:gccarch-znver3', ['c7i.2xlarge'], true],
    ['x86_64-linux:gccarch-znver3', ['c6a.large', 'c7a.large'], false],
    ['x86_64-linux:gccarch-znver4', ['c6a.large', 'c7a.large'], true],
    ['x86_64-linux:gccarch-skylake', ['c5.large', 'c7i.large'], false],
    ['x86_64-linux:gccarch-sapphirerapids', ['c6i.large'], true],
    ['x86_64-linux:gccarch-x86-64-v3', ['c7a.large', 'c7i.large'], false],
    ['x86_64-linux:gccarch-tigerlake', ['c7i.large'], true],
    ['aarch64-linux:gccarch-armv8-a', ['a1.large', 'c7g.large'], false],
  ])('%s on %j, warned of: %s', (key, instanceTypes, isWarned) => {
    expect(saidOf(key, { instanceTypes })).toBe('');
    expect(warnedOf(key, { instanceTypes }).includes('promises a processor')).toBe(isWarned);
  });

  it('with a warning where a feature means nothing', () => {
    expect(warnedOf('x86_64-linux', { supportedFeatures: ['local', 'kvm'] })).toMatch(
      /^K\.supportedFeatures: "local" is no feature/,
    );
  });
});
