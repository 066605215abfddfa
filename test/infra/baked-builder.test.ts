import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { startMachineAws } from './builder.ts';
import { evaluate, failedAssertions, infraFile, type Machine } from './nixos.ts';
import { ScratchRoot } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach((context) => {
  root = new ScratchRoot();
  needs(context, 'nix-instantiate');
});
afterEach(() => {
  root.remove();
});

const BUILDER =
  '{ services.hydra-autoscaler.builder = { enable = true; queueRunnerKey = "ssh-ed25519 AAAA q"; stateTable = "t"; }; }';
const MODULE = infraFile('builders/builder.nix');

/** A builder's image with a configuration of its own. */
const image = (...configuration: readonly string[]): Machine => ({
  modules: [MODULE, BUILDER, ...configuration],
  hydra: 'none',
});

describe('a builder’s image', () => {
  it('lets the queue runner’s key run one program, as root', () => {
    expect(failedAssertions(image())).toEqual([]);
    expect(evaluate(image(), 'config.users.users.root.openssh.authorizedKeys.keys')).toEqual([
      expect.stringMatching(/^restrict,command="\/nix\/store\/\S*-hydra-builder-serve" ssh-ed25519 AAAA q$/),
    ]);
    expect(
      evaluate(image(), '[ config.services.openssh.enable config.services.amazon-ssm-agent.enable ]'),
    ).toEqual([true, true]);
  });

  it('lets it run as another user, whom Nix trusts', () => {
    const machine = image('{ services.hydra-autoscaler.builder.sshUser = "build"; }');
    const { users, trusted } = evaluate(
      machine,
      '{ inherit (config.users) users; trusted = config.nix.settings.trusted-users; }',
    ) as { users: Record<string, unknown>; trusted: readonly string[] };
    expect(Object.keys(users)).toEqual(['build']);
    expect(users['build']).toMatchObject({ isSystemUser: true, group: 'build', useDefaultShell: true });
    expect(trusted).toContain('build');
  });

  it.each([
    ['nix.gc.automatic', 'false', 'true'],
    ['nix.settings.builders-use-substitutes', 'true', 'false'],
  ])('sets %s, and you win', (option, ours, yours) => {
    expect(evaluate(image(), `config.${option}`)).toBe(JSON.parse(ours));
    expect(evaluate(image(`{ ${option} = ${yours}; }`), `config.${option}`)).toBe(JSON.parse(yours));
  });

  it('offers your features beside those it was told', () => {
    const features = evaluate(
      image('{ nix.settings.system-features = [ "gpu" ]; }'),
      'config.nix.settings.system-features',
    );
    expect(features).toEqual(expect.arrayContaining(['gpu', 'big-parallel']));
  });
});

describe('an image nobody could reach', () => {
  it.each([
    ['services.openssh.settings.PermitRootLogin = "no"', 'PermitRootLogin keeps out the queue runner'],
    ['services.openssh.settings.PubkeyAuthentication = false', 'PubkeyAuthentication keeps out'],
    [
      'services.openssh.settings.AllowUsers = [ "alice" ]',
      'AllowUsers, AllowGroups, DenyUsers or DenyGroups',
    ],
    ['services.openssh.settings.AllowGroups = "wheel"', 'AllowUsers, AllowGroups, DenyUsers or DenyGroups'],
    ['services.openssh.settings.DenyUsers = [ "root" ]', 'AllowUsers, AllowGroups, DenyUsers or DenyGroups'],
    ['services.openssh.ports = [ 2022 ]', 'sshd does not listen on port 22'],
    ['services.openssh.openFirewall = false', 'the firewall lets nobody reach port 22'],
    ['services.openssh.enable = false', 'services.openssh.enable is false'],
    ['nix.settings.max-jobs = 0', 'would build nothing'],
  ])('is refused: %s', (setting, says) => {
    expect(failedAssertions(image(`{ ${setting}; }`))).toEqual([
      expect.stringMatching(new RegExp(`^services\\.hydra-autoscaler\\.builder: .*${says}`)),
    ]);
  });

  it.each([
    'services.openssh.settings.PermitRootLogin = "forced-commands-only"',
    'services.openssh.settings.AllowUsers = [ "alice" "root@10.0.0.*" ]',
    'services.openssh.ports = [ 22 2022 ]',
    'services.openssh.ports = [ 2022 ]; services.hydra-autoscaler.builder.sshPort = 2022',
    'services.openssh.openFirewall = false; networking.firewall.allowedTCPPorts = [ 22 ]',
    'services.openssh.openFirewall = false; networking.firewall.allowedTCPPortRanges = [ { from = 20; to = 30; } ]',
    'services.openssh.openFirewall = false; networking.firewall.interfaces.eth0.allowedTCPPorts = [ 22 ]',
    'services.openssh.openFirewall = false; networking.firewall.extraCommands = "iptables -A INPUT -s 10.0.0.0/8 -j ACCEPT"',
    'networking.firewall.enable = false',
    'networking.nftables.enable = true',
  ])('is not meant where it can be reached: %s', (setting) => {
    expect(failedAssertions(image(`{ ${setting}; }`))).toEqual([]);
  });

  it('is another where the queue runner comes as another user', () => {
    const asBuild = '{ services.hydra-autoscaler.builder.sshUser = "build"; }';
    const settings = (value: string): string => `{ services.openssh.settings = { ${value} }; }`;
    expect(
      failedAssertions(image(asBuild, settings('PermitRootLogin = "no"; AllowUsers = [ "build" ];'))),
    ).toEqual([]);
    expect(failedAssertions(image(asBuild, settings('AllowUsers = [ "root" ];')))).toEqual([
      expect.stringContaining('keeps out build'),
    ]);
  });

  it('is none where the port alone is another', () => {
    const machine = image('{ services.hydra-autoscaler.builder.sshPort = 2022; }');
    expect(failedAssertions(machine)).toEqual([]);
    expect(evaluate(machine, 'config.services.openssh.ports')).toEqual([2022]);
  });

  it('is not looked at where the machine is no builder', () => {
    const other = {
      modules: [MODULE, '{ services.openssh.settings.PermitRootLogin = "no"; }'],
      hydra: 'none',
    } as const;
    expect(failedAssertions(other)).toEqual([]);
    expect(evaluate(other, 'builtins.attrNames config.systemd.services')).toEqual([]);
  });
});

describe('the rule that hides the machine’s role', () => {
  it.each(['{ }', '{ networking.firewall.enable = false; }', '{ networking.nftables.enable = true; }'])(
    'is a unit of its own, whatever the firewall: %s',
    (configuration) => {
      const unit = evaluate(image(configuration), 'config.systemd.services.hydra-hide-role');
      expect(unit).toMatchObject({
        wantedBy: ['multi-user.target', 'firewall.service', 'nftables.service'],
        after: ['firewall.service', 'nftables.service'],
        path: [expect.stringContaining('-iptables')],
        script: expect.stringMatching(/hide_role root\n$/) as string,
      });
      expect(evaluate(image(configuration), 'config.networking.firewall.extraCommands')).toBe('');
    },
  );

  it('is looked for at each connection, and without it there is none', async () => {
    const machine = { ...image(), storeRoot: root.path };
    const [line = ''] = evaluate(machine, 'config.users.users.root.openssh.authorizedKeys.keys') as string[];
    const [, script = ''] = /command="([^"]+)"/.exec(line) ?? [];
    const text = root
      .read(script)
      .replace(/\/nix\/store\/0{32}-nix\/bin\//, '')
      .replace(/\/nix\/store\/0{32}-iptables\/bin:/, '');
    root.program('nix-store', 'echo served');
    root.program('ip6tables');
    root.program('iptables');
    expect(await root.run(text)).toEqual({ code: 0, stdout: 'served\n', stderr: '' });
    expect(root.calls.at(-1)).toBe('nix-store --serve --write');
    root.program('iptables', 'exit 4');
    expect(await root.run(text)).toEqual({
      code: 74,
      stdout: '',
      stderr:
        'hydra-builder: builds could read the credentials of this machine, so it takes none: iptables failed\n',
    });
  });
});

describe('the names of its options', () => {
  it.each(['hydra-builder', 'hydra-autoscaler-builder'])(
    'are understood as they were, with a warning: %s',
    (name) => {
      const old = BUILDER.replace('hydra-autoscaler.builder', name);
      const machine: Machine = { modules: [MODULE, old], hydra: 'none' };
      expect(evaluate(machine, 'config.services.hydra-autoscaler.builder.stateTable')).toBe('t');
      expect(evaluate(machine, 'config.warnings')).toContainEqual(
        expect.stringContaining('has been renamed to `services.hydra-autoscaler.builder.stateTable'),
      );
    },
  );

  it('meet no others where nixpkgs has a service of that name', () => {
    const modulesPath = join(root.path, 'modules');
    const theirs = join(modulesPath, 'services/continuous-integration/hydra/builder.nix');
    mkdirSync(join(theirs, '..'), { recursive: true });
    writeFileSync(
      theirs,
      '{ lib, ... }: { options.services.hydra-builder.enable = lib.mkEnableOption "theirs"; }',
    );
    const machine = { ...image(theirs), modulesPath };
    expect(evaluate(machine, 'config.services.hydra-builder.enable')).toBe(false);
    expect(() => evaluate({ ...image(theirs) }, 'config.services.hydra-builder.enable')).toThrow(
      /already declared/,
    );
  });
});

describe('uploading from an image', () => {
  const S3 =
    '{ services.hydra-autoscaler.builder.upload = { to = "s3://cache?region=eu-west-1"; secret = "arn:aws:ssm:eu-west-1:1:parameter/key"; }; }';

  it('is left out unless it is asked for', () => {
    expect(evaluate(image(), 'config.nix.settings')).not.toHaveProperty('post-build-hook');
    expect(evaluate(image(), 'builtins.attrNames config.systemd.services')).not.toContain(
      'hydra-upload-secret',
    );
    const other = S3.replace('s3://', 'https://');
    expect(failedAssertions(image(other))).toEqual([
      expect.stringContaining('upload.to is an s3:// address'),
    ]);
  });

  it('reads the secret with the machine’s role, then copies what was built; until then nothing is done', async (context) => {
    needs(context, 'curl');
    const machine = { ...image(S3), storeRoot: root.path };
    const { hook, script, restart } = evaluate(
      machine,
      `{ hook = config.nix.settings.post-build-hook; inherit (config.systemd.services.hydra-upload-secret) script;
         restart = config.systemd.services.hydra-upload-secret.serviceConfig.Restart; }`,
    ) as { hook: string; script: string; restart: string };
    root.write('run/hydra-autoscaler/log', '');
    root.program('nix');
    const run = (text: string, environment = {}) =>
      root.run(text.replace('\n. /nix/store/', `\n. ${root.path}/nix/store/`), environment);

    expect(await run(root.read(hook), { OUT_PATHS: '/nix/store/a' })).toMatchObject({ code: 0, stdout: '' });
    expect(root.calls).toEqual([]);
    expect(restart).toBe('on-failure');
    const aws = await startMachineAws((_, body) =>
      body.includes('parameter/key') ? '{"Parameter":{"Value":"cache-1:c2Vj"}}' : undefined,
    );
    try {
      expect(await run(`set -e\n${script}`, aws.environment)).toEqual({ code: 0, stdout: '', stderr: '' });
    } finally {
      await aws.stop();
    }
    expect(root.read('run/hydra-autoscaler/secret')).toBe('cache-1:c2Vj');
    await run(root.read(hook), { OUT_PATHS: '/nix/store/a' });
    expect(root.calls.at(-1)).toMatch(
      / copy --to s3:\/\/cache\?region=eu-west-1&secret-key=\S+\/run\/hydra-autoscaler\/secret \/nix\/store\/a$/,
    );
  });

  it('has the program of Cachix with it', () => {
    const cachix = S3.replace(/s3:[^"]*/, 'cachix:mine');
    expect(failedAssertions(image(cachix))).toEqual([]);
    expect(evaluate(image(cachix), 'config.systemd.services.hydra-upload-secret.script')).toMatch(
      /^ln -sfn \/nix\/store\/\S+-cachix "\$state\/cachix"$/m,
    );
  });
});
