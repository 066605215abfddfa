/** What machines must be like, where EC2 chooses the instance types: what is meant by it, and what cannot be. */
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { requirementsInWords } from '../../../lambdas/core/config/instance-requirements.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';
import { aType } from '../given.ts';

const HOST = { instanceId: 'i-0123456789abcdef0' };
const parse = (key: string, type: object) =>
  parseConfig({ host: HOST, systemTypes: { [key]: { billing: 'auto', ...type } } }, suggest);
const told = (list: readonly { readonly path: string; readonly says: string }[], key: string): string =>
  list.map(({ path, says }) => `${path.replace(`systemTypes.${key}`, 'K')}: ${says}`).join('\n');

const NEEDED = { vCpus: { min: 8 }, memoryGiB: { min: 16 } };
const requiring = (more: object) => ({ instanceRequirements: { ...NEEDED, ...more } });

describe('instance requirements', () => {
  it('take the place of the list, and are for processors that build the type', () => {
    const written = {
      vCpus: { min: 8, max: 16 },
      memoryGiB: { min: 16 },
      excludeFamilies: [],
      localDisk: false,
    };
    expect(aType('aarch64-linux', { instanceRequirements: written })).toMatchObject({
      instanceTypes: [],
      instanceRequirements: {
        vCpus: { min: 8, max: 16 },
        memoryGiB: { min: 16 },
        architecture: 'arm64',
        manufacturers: ['amazon-web-services'],
      },
      image: { architecture: 'arm64' },
    });
  });

  it('are told in words', () => {
    const type = aType('x86_64-linux', {
      instanceRequirements: {
        vCpus: { min: 8, max: 8 },
        memoryGiB: { min: 16, max: 64 },
        excludeFamilies: [],
        localDisk: false,
      },
    });
    const words = type.instanceRequirements && requirementsInWords(type.instanceRequirements);
    expect(words).toBe('8 vCPUs, 16 to 64 GiB of memory, x86_64');
  });

  it.each([
    ['x86_64-linux', requiring({})],
    ['x86_64-linux,aarch64-linux', requiring({ architecture: 'arm64' })],
    ['aarch64-linux', requiring({ manufacturers: ['amazon-web-services'], excludeFamilies: ['c6g', 'm*'] })],
    ['riscv64-linux', requiring({ architecture: 'arm64' })],
  ])('are let through for %s: %j', (key, type) => {
    expect(told(parse(key, type).problems, key)).toBe('');
    expect(told(parse(key, type).warnings, key)).toBe('');
  });

  it.each([
    [
      'x86_64-linux',
      { ...requiring({}), instanceTypes: ['c7i.2xlarge'] },
      'K.instanceRequirements: says what machines must be like, and instanceTypes which ones they are (c7i.2xlarge); keep this and remove instanceTypes',
    ],
    [
      'x86_64-linux',
      requiring({ vCpus: { min: 8, max: 4 } }),
      'K.instanceRequirements.vCpus: allows at most 4 and at least 8',
    ],
    [
      'x86_64-linux',
      requiring({ memoryGiB: { min: 8, max: 4 } }),
      'K.instanceRequirements.memoryGiB: allows at most 4 and at least 8',
    ],
    [
      'x86_64-linux',
      requiring({ architecture: 'arm64' }),
      'K.instanceRequirements.architecture: is arm64, which cannot build for x86_64-linux; say x86_64',
    ],
    [
      'aarch64-linux',
      requiring({ manufacturers: ['intel'] }),
      'K.instanceRequirements.manufacturers: names intel, but processors of arm64 are made by amazon-web-services',
    ],
    [
      'x86_64-linux,aarch64-linux',
      { ...requiring({ architecture: 'arm64' }), image: { architecture: 'x86_64' } },
      'K.image: is for x86_64, and instanceRequirements ask for machines of arm64',
    ],
    ['x86_64-linux', { instanceRequirements: { vCpus: { min: 8 } } }, 'memoryGiB: is missing'],
    ['x86_64-linux', requiring({ memoryGiB: { min: '16GB' } }), 'memoryGiB.min: must be a number'],
    ['x86_64-linux', requiring({ excludeFamilies: ['c5.large'] }), 'must be a family of instance types'],
    ['x86_64-linux', requiring({ vcpu: 8 }), 'use "vCpus"'],
  ])('are refused for %s: %j', (key, type, words) => {
    expect(told(parse(key, type).problems, key)).toContain(words);
  });

  it.each([
    [
      requiring({ excludeFamilies: ['c99'] }),
      'K.instanceRequirements.excludeFamilies.0: c99 leaves out no family',
    ],
    [
      { ...requiring({}), supportedFeatures: ['gccarch-znver4'] },
      'K.instanceRequirements: let EC2 choose the processor, and "gccarch-znver4" promises one',
    ],
  ])('are doubted: %j', (type, words) => {
    expect(told(parse('x86_64-linux', type).warnings, 'x86_64-linux')).toContain(words);
  });
});
