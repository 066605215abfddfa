import { beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { evaluate, failedAssertions, infraFile, type Machine } from './nixos.ts';

beforeEach((context) => {
  needs(context, 'nix-instantiate');
});

const OURS = '/var/lib/hydra/provisioner/machines';
const LOCAL = '/run/hydra-autoscaler/local-machine';
const HYDRA =
  '{ services.hydra = { enable = true; hydraURL = "https://h"; notificationSender = "h@example.org"; }; }';
const MODULE = infraFile('hydra-host/nixos-ec2.nix');

/** A Hydra host with a configuration of its own. */
const host = (configuration: string, changes: Partial<Machine> = {}): Machine => ({
  modules: [MODULE, HYDRA, configuration],
  ...changes,
});

/** Files the queue runner reads, and whether the host lists itself for it. */
function filesOf(machine: Machine): { files: readonly string[]; listsItself: boolean } {
  const { runner, server, units } = evaluate(
    machine,
    `{ runner = config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS;
       server = config.systemd.services.hydra-server.environment.NIX_REMOTE_SYSTEMS;
       units = builtins.attrNames config.systemd.services; }`,
  ) as { runner: string; server: string; units: readonly string[] };
  expect(failedAssertions(machine)).toEqual([]);
  // Else Hydra's page of machines shows others than those that build.
  expect(server).toBe(runner);
  return { files: runner.split(':'), listsItself: units.includes('hydra-local-machine') };
}

describe('a host that never named a file', () => {
  it.each([
    ['nothing said', '{ }'],
    ['an empty list', '{ services.hydra.buildMachinesFiles = [ ]; }'],
    [
      'an empty list beside machines for people',
      '{ services.hydra.buildMachinesFiles = [ ]; nix.buildMachines = [ { hostName = "mac"; } ]; }',
    ],
    ['an empty variable', '{ services.hydra.extraEnv.NIX_REMOTE_SYSTEMS = ""; }'],
  ])('goes on building by itself: %s', (_, configuration) => {
    expect(filesOf(host(configuration))).toEqual({ files: [LOCAL, OURS], listsItself: true });
  });

  it('is listed before the queue runner starts, as its user, and again whenever Nix is set otherwise', () => {
    const unit = evaluate(host('{ }'), 'config.systemd.services.hydra-local-machine') as Record<
      string,
      unknown
    >;
    expect(unit).toMatchObject({
      before: ['hydra-queue-runner.service'],
      wantedBy: ['multi-user.target', 'hydra-queue-runner.service'],
      restartTriggers: ['/nix/store/nix.conf'],
      serviceConfig: {
        User: 'hydra-queue-runner',
        RuntimeDirectory: 'hydra-autoscaler',
        Restart: 'on-failure',
      },
    });
    expect(unit['script']).toMatch(/local-machine\.sh >(\S+)\.new\nmv \1\.new \1\n$/);
  });
});

describe('a host that named files', () => {
  it.each([
    [
      'machines of nix.buildMachines',
      '{ nix.buildMachines = [ { hostName = "mac"; } ]; }',
      ['/etc/nix/machines'],
    ],
    [
      'a file of its own',
      '{ services.hydra.buildMachinesFiles = [ "/etc/hydra/machines" ]; }',
      ['/etc/hydra/machines'],
    ],
    [
      'two files, one of them in the store',
      '{ pkgs, ... }: { services.hydra.buildMachinesFiles = [ (pkgs.writeText "m" "localhost x86_64-linux - 8 1 kvm") "/etc/b" ]; }',
      [expect.stringMatching(/^\/nix\/store\/.*-m$/), '/etc/b'],
    ],
    [
      'by a default',
      '{ lib, ... }: { services.hydra.buildMachinesFiles = lib.mkDefault [ "/etc/a" ]; }',
      ['/etc/a'],
    ],
    [
      'by force',
      '{ lib, ... }: { services.hydra.buildMachinesFiles = lib.mkForce [ "/etc/a" ]; }',
      ['/etc/a'],
    ],
    ['by the variable', '{ services.hydra.extraEnv.NIX_REMOTE_SYSTEMS = "/a:/b"; }', ['/a', '/b']],
    ['ours among them', `{ services.hydra.buildMachinesFiles = [ "/etc/a" "${OURS}" ]; }`, ['/etc/a']],
    ['ours alone', `{ services.hydra.buildMachinesFiles = [ "${OURS}" ]; }`, []],
  ])('keeps them, and builds only where they say: %s', (_, configuration, files) => {
    expect(filesOf(host(configuration))).toEqual({ files: [...files, OURS], listsItself: false });
  });

  it('keeps them whatever the order of imports', () => {
    const named = '{ services.hydra.buildMachinesFiles = [ "/etc/a" ]; }';
    const first = filesOf({ modules: [named, HYDRA, MODULE] });
    expect(first).toEqual(filesOf({ modules: [MODULE, HYDRA, named] }));
    expect(first).toEqual(filesOf({ modules: [`{ imports = [ ${MODULE} ${HYDRA} ${named} ]; }`] }));
  });

  it('is told where it forces the variable itself', () => {
    const forced = `{ lib, ... }: { systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS = lib.mkForce "/x"; }`;
    expect(failedAssertions(host(forced))).toEqual([
      expect.stringContaining(`would not read ${OURS}. Add that file there.`),
    ]);
    expect(failedAssertions(host(forced.replace('/x', `/x:${OURS}`)))).toEqual([]);
  });
});

describe('settings of the host', () => {
  it('stay as they are: substitutes, and its own limit for unsupported steps, which comes last', () => {
    const conf = 'config.services.hydra.extraConfig';
    expect(evaluate(host('{ }'), 'config.services.hydra.useSubstitutes')).toBe(false);
    expect(
      evaluate(host('{ services.hydra.useSubstitutes = true; }'), 'config.services.hydra.useSubstitutes'),
    ).toBe(true);
    const own = '{ services.hydra.extraConfig = "max_unsupported_time = 604800\\n"; }';
    for (const modules of [
      [MODULE, HYDRA, own],
      [own, HYDRA, MODULE],
    ]) {
      const limits = String(evaluate({ modules }, conf)).match(/max_unsupported_time = \d+/g);
      expect(limits).toEqual(['max_unsupported_time = 86400', 'max_unsupported_time = 604800']);
    }
  });

  it('are for SSM and our file what the autoscaler needs', () => {
    expect(evaluate(host('{ }'), 'config.services.amazon-ssm-agent.enable')).toBe(true);
    expect(evaluate(host('{ }'), 'config.systemd.tmpfiles.rules')).toEqual([
      'd /var/lib/hydra/provisioner 0755 root root -',
    ]);
  });
});

describe('other kinds of Hydra', () => {
  it('work as well where they come from Hydra’s own flake', () => {
    const flake = '{ services.hydra-dev = { enable = true; hydraURL = "https://h"; }; }';
    expect(filesOf({ modules: [MODULE, flake], hydra: 'flake' })).toEqual({
      files: [LOCAL, OURS],
      listsItself: true,
    });
    const named = '{ services.hydra-dev.buildMachinesFiles = [ "/etc/a" ]; }';
    expect(filesOf({ modules: [MODULE, flake, named], hydra: 'flake' }).files).toEqual(['/etc/a', OURS]);
    expect(
      evaluate({ modules: [MODULE, flake], hydra: 'flake' }, 'config.services.hydra-dev.extraConfig'),
    ).toContain('max_unsupported_time = 86400');
  });

  it.each(['nixpkgs', 'flake', 'none'] as const)('are refused where none is enabled: %s', (hydra) => {
    expect(failedAssertions({ modules: [MODULE], hydra })).toEqual([
      expect.stringContaining('neither services.hydra nor services.hydra-dev'),
    ]);
  });

  it('are refused where there is no queue runner to follow', () => {
    const web = '{ services.hydra-dev = { enable = true; hydraURL = "https://h"; }; }';
    const machine: Machine = { modules: [MODULE, web], hydra: 'flake-registers' };
    expect(failedAssertions(machine)).toEqual([expect.stringContaining('enable it on this host')]);
    expect(evaluate(machine, 'builtins.attrNames config.systemd.services')).not.toContain(
      'hydra-local-machine',
    );
  });
});

describe('a host outside EC2', () => {
  it('is a host as on EC2 that registers with SSM once', () => {
    const machine: Machine = { modules: [infraFile('hydra-host/nixos-hybrid.nix'), MODULE, HYDRA] };
    expect(filesOf(machine)).toEqual({ files: [LOCAL, OURS], listsItself: true });
    expect(evaluate(machine, 'config.systemd.services.ssm-registration')).toMatchObject({
      before: ['amazon-ssm-agent.service'],
      unitConfig: {
        ConditionPathExists: ['/etc/hydra/ssm-activation', '!/var/lib/amazon/ssm/registration'],
      },
      script: expect.stringContaining('amazon-ssm-agent -register -y') as string,
    });
  });
});
