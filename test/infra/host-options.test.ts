/** What a Hydra host on NixOS may be told: services.hydra-autoscaler.host. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
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

const MODULE = infraFile('hydra-host/host.nix');
const HYDRA =
  '{ services.hydra = { enable = true; hydraURL = "https://h"; notificationSender = "h@example.org"; }; }';
const OURS = '/var/lib/hydra/provisioner/machines';
const LOCAL = '/run/hydra-autoscaler/local-machine';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf';

/** A Hydra host that was told `settings`, the inside of services.hydra-autoscaler.host. */
const host = (settings: string, hydra: NonNullable<Machine['hydra']> = 'nixpkgs'): Machine => ({
  modules: [MODULE, HYDRA, `{ services.hydra-autoscaler.host = { ${settings} }; }`],
  hydra,
});
const files = (settings: string): unknown =>
  evaluate(
    host(`enable = true; ${settings}`),
    'config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS',
  );
const conf = (machine: Machine): string => String(evaluate(machine, 'config.services.hydra.extraConfig'));

describe('a host that only imports the module', () => {
  it.each(['nixpkgs', 'nixpkgs-registers', 'none'] as const)('is left as it is: %s', (hydra) => {
    const machine: Machine = { modules: [MODULE, ...(hydra === 'none' ? [] : [HYDRA])], hydra };
    expect(failedAssertions(machine)).toEqual([]);
    const expression = `{ agent = config.services.amazon-ssm-agent.enable; rules = config.systemd.tmpfiles.rules;
      units = builtins.filter (name: builtins.match "hydra-(queue-runner|server)" name == null) (builtins.attrNames config.systemd.services);
      reads = config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS or "";
      sysctl = config.boot.kernel.sysctl; }`;
    expect(evaluate(machine, expression)).toEqual({
      agent: false,
      rules: [],
      units: [],
      reads: '',
      sysctl: {},
    });
  });
});

describe('machines files', () => {
  it('are one for each farm, with its directory', () => {
    const two = `machinesFiles = [ "${OURS}" "/srv/arm/machines" ];`;
    expect(files(two)).toBe(`${LOCAL}:${OURS}:/srv/arm/machines`);
    expect(evaluate(host(`enable = true; ${two}`), 'config.systemd.tmpfiles.rules')).toEqual([
      'd /var/lib/hydra/provisioner 0755 root root -',
      'd /srv/arm 0755 root root -',
    ]);
  });

  it('are read, every one of them, or the host is told', () => {
    const machine = host(`enable = true; machinesFiles = [ "${OURS}" "/srv/arm/machines" ];`);
    const forced = `{ lib, ... }: { systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS = lib.mkForce "${OURS}"; }`;
    expect(failedAssertions({ ...machine, modules: [...machine.modules, forced] })).toEqual([
      expect.stringContaining('would not read /srv/arm/machines.'),
    ]);
  });

  it('are paths', () => {
    expect(() => files('machinesFiles = [ "machines" ];')).toThrow(/is not of type/);
  });
});

describe('whether the host builds', () => {
  it('is said by its keeper, whatever was so before', () => {
    expect(files('localMachine.enable = false;')).toBe(OURS);
    const named: Machine = {
      modules: [
        ...host('enable = true; localMachine.enable = true;').modules,
        '{ services.hydra.buildMachinesFiles = [ "/etc/a" ]; }',
      ],
    };
    expect(evaluate(named, 'config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS')).toBe(
      `${LOCAL}:/etc/a:${OURS}`,
    );
  });

  it('may be with other slots and features than those of its Nix', () => {
    const environment = (settings: string): unknown =>
      evaluate(host(`enable = true; ${settings}`), 'config.systemd.services.hydra-local-machine.environment');
    expect(environment('localMachine = { maxJobs = 0; systemFeatures = [ "kvm" "benchmark" ]; };')).toEqual({
      LOCAL_JOBS: '0',
      LOCAL_FEATURES: 'kvm benchmark',
    });
    expect(environment('')).toEqual({ LOCAL_JOBS: null, LOCAL_FEATURES: null });
  });
});

describe('the queue runner’s key', () => {
  const unit = (settings: string): unknown =>
    evaluate(host(`enable = true; ${settings}`), 'config.systemd.services.hydra-queue-runner-key or null');

  it('is made where it is said to be, by the queue runner’s user, once', async () => {
    const file = join(root.path, 'keys of hydra/id');
    const { script, unitConfig, serviceConfig } = unit(`keyFile = "${file}";`) as {
      script: string;
      unitConfig: object;
      serviceConfig: object;
    };
    expect(unitConfig).toEqual({ ConditionPathExists: `!${file}` });
    expect(serviceConfig).toMatchObject({ User: 'hydra-queue-runner', UMask: '0077' });
    root.program('ssh-keygen');
    expect(await root.run(script.replace(/\/nix\/store\/\S+-openssh\/bin\//, ''))).toMatchObject({ code: 0 });
    expect(root.has('keys of hydra')).toBe(true);
    expect(root.calls.at(-1)).toMatch(/^ssh-keygen .* -f .*keys of hydra\/id$/);
  });

  it('is not made for who has one', () => {
    expect(unit('generateKey = false;')).toBe(null);
  });
});

describe('how long a step waits for a machine', () => {
  it('is said to either queue runner, and not for so short a time that it would be of no use', () => {
    const week = 'enable = true; maxUnsupportedTime = 604800;';
    expect(conf(host(week))).toContain('max_unsupported_time = 604800\n');
    expect(
      evaluate(
        host(week, 'nixpkgs-registers'),
        'config.services.hydra.queueRunner.settings.maxUnsupportedTimeInS',
      ),
    ).toBe(604_800);
    expect(() => conf(host('enable = true; maxUnsupportedTime = 120;'))).toThrow(/is not of type/);
  });
});

describe('uploads from the host', () => {
  const S3 = `{ jobs = "nixpkgs:trunk:*"; to = "s3://cache?region=eu-west-1"; secret = "${SECRET}"; }`;
  const CACHIX = `{ to = "cachix:mine"; signingKey = "${SECRET}"; }`;

  it.each(['nixpkgs', 'nixpkgs-registers'] as const)('are commands of the RunCommand plugin: %s', (hydra) => {
    const machine = host(`enable = true; upload = [ ${S3} ${CACHIX} ];`, hydra);
    expect(failedAssertions(machine)).toEqual([]);
    const blocks = conf(machine).match(/<runcommand>\n.*\n.*\n<\/runcommand>/g) ?? [];
    const told = blocks.map((block) =>
      block.replace(/\/bin\/sh \/nix\/store\/\S+-upload-outputs\.sh/, 'UPLOAD'),
    );
    expect(told.map((block) => block.split('\n').map((line) => line.trim()))).toEqual([
      [
        '<runcommand>',
        'job = nixpkgs:trunk:*',
        `command = UPLOAD 's3://cache?region=eu-west-1' ${SECRET}`,
        '</runcommand>',
      ],
      ['<runcommand>', 'job = *:*:*', `command = UPLOAD cachix:mine - ${SECRET}`, '</runcommand>'],
    ]);
    expect(evaluate(machine, 'map toString config.systemd.services.hydra-notify.path')).toEqual(
      ['awscli2', 'jq', 'nix', 'cachix'].map(
        (name) => expect.stringMatching(new RegExp(`-${name}$`)) as string,
      ),
    );
  });

  it('bring Cachix only where it is used, and nothing at all where nothing is uploaded', () => {
    const path = (settings: string): unknown =>
      evaluate(
        host(`enable = true; ${settings}`),
        'map toString (config.systemd.services.hydra-notify.path or [ ])',
      );
    expect(path(`upload = [ ${S3} ];`)).toHaveLength(3);
    expect(path('')).toEqual([]);
  });

  it.each([
    [`{ to = "https://cache"; secret = "${SECRET}"; }`, '`to` is an s3:// address'],
    ['{ to = "s3://cache"; }', '`secret` is needed'],
    [`{ to = "s3://cache"; signingKey = "${SECRET}"; }`, '`secret` is needed'],
    ['{ to = "cachix:mine"; }', '`secret` is needed'],
  ])('are refused where they could not be done: %s', (upload, says) => {
    expect(failedAssertions(host(`enable = true; upload = [ ${upload} ];`))).toEqual([
      expect.stringContaining(says),
    ]);
  });
});

describe('a host outside EC2', () => {
  it('finds its activation where its keeper has put it', () => {
    const machine: Machine = {
      modules: [
        infraFile('hydra-host/hybrid.nix'),
        HYDRA,
        '{ services.hydra-autoscaler.host = { enable = true; activationFile = "/run/keys/ssm"; }; }',
      ],
    };
    expect(evaluate(machine, 'config.systemd.services.ssm-registration')).toMatchObject({
      unitConfig: { ConditionPathExists: ['/run/keys/ssm', '!/var/lib/amazon/ssm/registration'] },
      serviceConfig: { EnvironmentFile: '/run/keys/ssm' },
    });
    const other: Machine = { modules: [infraFile('hydra-host/hybrid.nix'), HYDRA] };
    expect(evaluate(other, 'config.systemd.services ? ssm-registration')).toBe(false);
  });
});
