/** The program as people run it, with Nix where there is Nix. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { readConf } from '../../../local/programs/import/read-conf.ts';
import { needs } from '../../needs.ts';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-import-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const conf = (name: string): string => join(import.meta.dirname, 'conf', name);

function importConf(...words: string[]): { status: number | null; written: unknown; told: string } {
  const program = join(ROOT, 'local/programs/import-conf.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    env: { ...process.env, NIX_PATH: '', NO_COLOR: '1' },
  });
  return {
    status,
    written: stdout === '' ? undefined : JSON.parse(stdout),
    told: stderr.replaceAll(/\s+/g, ' '),
  };
}

describe('import-conf with nix-instantiate', () => {
  beforeEach((context) => {
    needs(context, 'nix-instantiate');
  });

  it('takes the values of hydra.nixos.org over, and says what it drops', () => {
    const { status, written, told } = importConf(
      conf('hydra.nixos.org.nix'),
      '--host',
      'i-0123456789abcdef0',
    );
    expect(status).toBe(0);
    expect(written).toEqual({
      observeOnly: true,
      tag: 'hydra-provisioned-nixos-org',
      maxTotalMachines: 12,
      host: { instanceId: 'i-0123456789abcdef0' },
      systemTypes: {
        'x86_64-linux': {
          minMachines: 0,
          maxMachines: 12,
          ignoredRunnables: 250,
          runnablesPerMachine: 50,
          maxJobs: 4,
          sshKey: '/var/lib/hydra/queue-runner/.ssh/id_buildfarm_rsa',
        },
      },
    });
    expect(checkConfig('the import', written).machineTypes[0]).toMatchObject({ maxMachines: 12, maxJobs: 4 });
    expect(told).toContain('systemTypes.x86_64-linux.nixopsExpr there is no NixOps here');
    expect(told).toContain('systemTypes.x86_64-linux.nixPath there is no NixOps here');
    expect(told).not.toContain('host.instanceId');
  });

  it('takes commands over ssh apart, and does not believe Nix paths', () => {
    const { status, written, told } = importConf(conf('over-ssh.nix'));
    expect(status).toBe(0);
    expect(written).toMatchObject({
      maxTotalMachines: 27,
      host: {
        statusCommand: ['hydra-queue-runner', '--status'],
        user: 'hydra-queue-runner',
        environment: { PGPASSFILE: '/var/lib/hydra/pgpass-queue-runner' },
        machinesFile: '/var/lib/hydra/provisioned.machines',
      },
      systemTypes: {
        'x86_64-linux': { maxMachines: 24, speedFactor: 2 },
        'x86_64-linux:kvm,nixos-test': { maxMachines: 3, gracePeriod: 1800, stopOnIdle: true },
      },
    });
    expect(JSON.stringify(written)).not.toContain('sshKey');
    for (const words of [
      'sshCommand the ssh to chef.example.org falls away',
      'x86_64-linux.sshKey was a Nix path',
      'spotPrice hydra-provisioner has no such option',
      'updateCommand falls away',
      'host.instanceId is i-00000000000000000 until you fill in',
    ])
      expect(told).toContain(words);
  });

  it.each([
    ['function.nix', 'only values can be imported'],
    ['function-value.nix', 'only values can be imported'],
    ['nixpkgs.nix', 'set NIX_PATH'],
    ['missing-path.nix', 'put the file there'],
    ['nobody-wrote-this.nix', 'cannot be read'],
  ])('refuses %s with a remedy, and prints no half result', (name, remedy) => {
    const { status, written, told } = importConf(conf(name));
    expect({ status, written }).toEqual({ status: 1, written: undefined });
    expect(told).toContain(remedy);
  });
});

describe('import-conf of JSON', () => {
  it('refuses values that cannot be, all at once, each with its path', () => {
    const { status, written, told } = importConf(conf('refused.json'));
    expect({ status, written }).toEqual({ status: 2, written: undefined });
    for (const path of [
      'x86_64-linux.runnablesPerMachine',
      'x86_64-linux.maxMachines',
      'systemTypes.x86_64 linux',
    ])
      expect(told).toContain(path);
    expect(told).toContain('sshKey is empty');
  });

  it.each([
    ['[1]', 'must be a set of options', 2],
    ['{"systemTypes": []}', 'must be a set of types', 2],
    ['{"tag": 1}', 'tag', 2],
    ['{"statusCommand": []}', 'statusCommand', 2],
    ['{"a":}', 'is not JSON', 1],
    ['{"tag": "a", "tag": "b"}', 'has "tag" twice, in lines 1 and 1', 1],
    ['{}', 'there is no farm in it', 2],
    ['{"name": "my-package"}', 'only name; name hydra-provisioner’s', 2],
    ['{"host": {}, "systemTypes": {}}', 'a configuration of ours already', 2],
  ])('refuses %s', (text, words, exit) => {
    const file = join(folder, 'conf.json');
    writeFileSync(file, text);
    const { status, told } = importConf(file);
    expect(status).toBe(exit);
    expect(told).toContain(words);
  });

  it('writes a file, and none over another unless told to', () => {
    const [input, output] = [join(folder, 'in.json'), join(folder, 'out.json')];
    const farm = (tag: string): string =>
      JSON.stringify({ tag, systemTypes: { 'x86_64-linux': { sshKey: '-' } } });
    writeFileSync(input, farm('first'));
    const first = importConf(input, '--output', output);
    expect(first.status).toBe(0);
    expect(first.told).toContain('sshKey is "-": left out');
    writeFileSync(input, farm('second'));
    const again = importConf(input, '--output', output);
    expect(again.status).toBe(1);
    expect(again.told).toContain('is there already');
    expect(readFileSync(output, 'utf8')).toContain('first');
    expect(importConf(input, '--output', output, '--force').status).toBe(0);
    expect(readFileSync(output, 'utf8')).toContain('second');
  });

  it('without Nix says how to get the JSON', async () => {
    await expect(readConf(conf('hydra.nixos.org.nix'), 'no-such-nix-instantiate')).rejects.toThrow(
      /nix-instantiate --eval --strict --json hydra\.nixos\.org\.nix > conf\.json/,
    );
  });
});
