/** Unknown keys: what was meant by them. */
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { unknownSetting } from '../../../lambdas/core/config/hints.ts';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';

const TYPE = ['systemTypes', 'x86_64-linux'];
const said = (key: string, path: readonly string[]): string => unknownSetting(key, path, suggest).says;

describe('a key of another tool', () => {
  it.each([
    ['spot', TYPE, '"market": "spot"'],
    ['spotPrice', TYPE, '"market": "spot"'],
    ['ami', TYPE, '"image": { "id"'],
    ['ami_id', TYPE, '"image": { "id"'],
    ['features', TYPE, '"supportedFeatures"'],
    ['system-features', TYPE, '"supportedFeatures"'],
    ['mandatoryFeatures', TYPE, 'the type’s name'],
    ['systems', TYPE, 'the type’s name'],
    ['max', TYPE, '"maxMachines"'],
    ['minInstances', TYPE, '"minMachines"'],
    ['machineType', TYPE, '"instanceTypes": ["c7i.2xlarge"]'],
    ['instanceType', TYPE, '"instanceTypes"'],
    ['requirements', TYPE, '"instanceRequirements"'],
    ['vcpus', TYPE, '"instanceRequirements"'],
    ['vCpuCount', [...TYPE, 'instanceRequirements'], '"vCpus"'],
    ['architectures', [...TYPE, 'instanceRequirements'], '"architecture"'],
    ['slots', TYPE, '"maxJobs"'],
    ['idleTimeout', TYPE, '"gracePeriod", in seconds'],
    ['subnetIds', TYPE, '"subnets"'],
    ['diskSize', TYPE, 'deploy.builder'],
    ['securityGroups', TYPE, 'deploy.hydraSource'],
    ['keyName', TYPE, 'deploy.queueRunnerKey'],
    ['region', [], 'AWS_REGION'],
    ['machineTypes', [], '"systemTypes"'],
    ['maxMachines', [], '"maxTotalMachines"'],
    ['dryRun', [], '"observeOnly"'],
    ['interval', [], 'rate(5 minutes)'],
    ['hostname', ['host'], '"instanceId"'],
    ['env', ['host'], '"environment"'],
    ['email', ['deploy'], '"notify"'],
    ['cidr', ['deploy'], '"hydraSource"'],
    ['publicKey', ['deploy'], '"queueRunnerKey"'],
    ['volumeSize', ['deploy', 'builder'], '"diskGiB"'],
  ])('%s in %j is put into our words', (key, path, words) => {
    expect(said(key, path)).toContain(words);
  });

  it.each([
    ['nixopsExpr', TYPE],
    ['nixPath', TYPE],
    ['nixopsConfig', []],
    ['provisionerTag', []],
    ['sshCommand', []],
    ['updateCommand', []],
  ])('%s of the ancestor leads to import-conf', (key, path) => {
    expect(said(key, path)).toContain('npm run import-conf');
  });
});

describe('a key of ours', () => {
  it.each([
    ['queueRunnerKey', [], 'it belongs in deploy'],
    ['statusCommand', [], 'it belongs in host'],
    ['tag', TYPE, 'it belongs at the top of the file'],
    ['diskGiB', TYPE, 'it belongs in deploy.builder, or in deploy.hydraHost'],
    ['maxJobs', ['deploy', 'builder'], 'it belongs in a type of systemTypes'],
  ])('%s in %j is sent to where it belongs', (key, path, words) => {
    expect(said(key, path)).toContain(words);
  });

  it.each([
    ['max_machines', TYPE, 'maxMachines'],
    ['MaxJobs', TYPE, 'maxJobs'],
    ['diskgib', ['deploy', 'builder'], 'diskGiB'],
    ['maxMachine', TYPE, 'maxMachines'],
    ['hydraSurce', ['deploy'], 'hydraSource'],
  ])('%s in %j is spelt right', (key, path, meant) => {
    expect(said(key, path)).toContain(`did you mean "${meant}"?`);
  });

  it('that means nothing at all gets the list, whatever an object inherits', () => {
    for (const key of ['zzzzzzzz', 'constructor', '__proto__', 'toString'])
      expect(said(key, TYPE)).toMatch(/^unknown key; known keys are minMachines, /);
  });

  it('of which another was meant, says nothing of that other’s absence', () => {
    const deploy = { hydraSurce: 'sg-0123456789abcdef0' };
    const { problems } = parseConfig({ host: { instanceId: 'i-0123456789abcdef0' }, deploy }, suggest);
    expect(problems.map(({ path }) => path)).toEqual(['deploy.hydraSurce']);
  });
});
