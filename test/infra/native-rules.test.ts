/** What machines set up at boot can build, and what takes an image of one's own. */
import { describe, expect, it } from 'vitest';
import { userData } from '../../infra/builders/user-data.ts';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { builderOf, unpacked } from './builder.ts';
import { configFile, example } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

function examined(key: string, type: Record<string, Json> = {}, userData?: string) {
  const base = example();
  const builder = userData === undefined ? {} : { builders: { [key]: { userData } } };
  return examineDeployment(
    configFile({
      ...base,
      systemTypes: { [key]: type },
      deploy: { ...(base['deploy'] as JsonObject), ...builder },
    }),
  );
}

const REQUIRED = { vCpus: { min: 8 }, memoryGiB: { min: 16 } };

const said = (...given: Parameters<typeof examined>): string =>
  examined(...given)
    .problems.map(({ says }) => says)
    .join('\n');

describe('a machine that is set up at boot', () => {
  it.each([
    ['aarch64-darwin', {}, /a Mac/],
    [
      'riscv64-linux',
      {},
      /"riscv64-linux" is not what c7i\.2xlarge can build; no processor of EC2.*userData to "none"/,
    ],
    [
      'x86_64-linux,aarch64-linux',
      {},
      /"aarch64-linux" is not what c7i\.2xlarge can build; give it a type of its own/,
    ],
    [
      'x86_64-linux,aarch64-linux',
      { instanceTypes: ['c7g.large'], image: { architecture: 'arm64' } },
      /"x86_64-linux"/,
    ],
    ['armv7l-linux', { instanceTypes: ['c8g.large'] }, /Graviton 2 or 3/],
    [
      'armv7l-linux',
      { instanceRequirements: REQUIRED },
      /"armv7l-linux" is not what every machine of arm64 that EC2 may choose can build; .*Graviton 2 or 3/,
    ],
    ['x86_64-linux,aarch64-linux', { instanceRequirements: REQUIRED }, /"aarch64-linux" is not what/],
  ])('cannot build %s with %j', (key, type, words) => {
    expect(said(key, type)).toMatch(words);
  });

  it.each([
    ['x86_64-linux,i686-linux,x86_64-v3-linux', {}],
    ['aarch64-linux,armv7l-linux', {}],
    ['armv6l-linux', { instanceTypes: ['t4g.large'] }],
    ['x86_64-linux', { instanceTypes: ['zz1.large'] }],
    ['riscv64-linux', { launchTemplate: 'mine' }],
  ])('can build %s with %j', (key, type) => {
    expect(said(key, type)).toBe('');
  });

  it('is told once of instance types that fit nothing', () => {
    expect(said('x86_64-linux', { instanceTypes: ['c7g.large'] }).split('\n')).toHaveLength(1);
  });

  it('is warned of what 32-bit ARM may do to builds', () => {
    expect(
      examined('armv7l-linux')
        .warnings.map(({ says }) => says)
        .join(),
    ).toMatch(/64-bit kernel/);
    expect(examined('aarch64-linux', { billing: 'auto' }).warnings).toEqual([]);
  });
});

it('an image of one’s own may emulate what it likes', () => {
  for (const key of ['x86_64-linux,aarch64-linux', 'riscv64-linux', 'x86_64-linux,wasm32-wasi'])
    expect(said(key, {}, 'none')).toBe('');
});

it('builders of 32-bit ARM tell Nix, which does not build for it by itself', () => {
  const queueRunners = { key: { line: 'ssh-ed25519 AAAA' } };
  const given = { farm: 'farm', stateTable: 'state', queueRunners };
  const arm = userData({ builder: builderOf('aarch64-linux,armv7l-linux,armv6l-linux'), ...given });
  expect(arm).toContain("arm32='armv7l-linux armv6l-linux'");
  expect(unpacked(arm)).toContain('extra-extra-platforms = $arm32');
  expect(userData({ builder: builderOf('aarch64-linux'), ...given })).toContain("arm32=''");
});
