/** Hosts whose queue runner builders register with: NixOS from 26.11 on, and Hydra's own flake. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { TOKEN_ARN } from './builder.ts';
import { bootHost, evaluateHost, hostImage, hostMachine } from './host-nix.ts';
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

const MODULE = infraFile('hydra-host/nixos-ec2.nix');
const HYDRA =
  '{ services.hydra = { enable = true; hydraURL = "https://h"; notificationSender = "h@example.org"; }; }';
const FLAKE =
  '{ services.hydra-dev = { enable = true; hydraURL = "https://h"; }; services.hydra-queue-runner-dev.enable = true; }';
const TOKEN = `{ services.hydra-autoscaler.host.tokenSecret = "${TOKEN_ARN}"; }`;
const RUNNER = 'config.services.hydra.queueRunner';

const host = (...configuration: readonly string[]): Machine => ({
  modules: [MODULE, HYDRA, ...configuration],
  hydra: 'nixpkgs-registers',
});

describe('a host of NixOS 26.11', () => {
  it('waits for machines, gives a new one work within seconds, and soon notices one that vanished', () => {
    expect(failedAssertions(host(TOKEN))).toEqual([]);
    expect(evaluate(host(TOKEN), `${RUNNER}.settings`)).toMatchObject({
      maxUnsupportedTimeInS: 86_400,
      dispatchTriggerTimerInS: 5,
    });
    expect(evaluate(host(), 'config.boot.kernel.sysctl')).toEqual({ 'net.ipv4.tcp_retries2': 8 });
    expect(evaluate(host(), 'config.services.hydra.extraConfig')).toContain(
      'queue_runner_endpoint = http://[::1]:8080\n',
    );
    expect(evaluate(host(), 'config.services.amazon-ssm-agent.enable')).toBe(true);
  });

  it('understands its settings by the names they had', () => {
    const old = host(TOKEN.replace('hydra-autoscaler.host', 'hydra-autoscaler-host'));
    expect(evaluate(old, 'config.services.hydra-autoscaler.host.tokenSecret')).toBe(TOKEN_ARN);
    expect(evaluate(old, 'config.warnings')).toHaveLength(1);
  });

  it('has nothing of machines files, and no key', () => {
    const units = evaluate(host(TOKEN), 'builtins.attrNames config.systemd.services');
    expect(units).toEqual(expect.arrayContaining(['hydra-queue-runner', 'hydra-builder-tokens']));
    for (const name of ['hydra-local-machine', 'hydra-queue-runner-key', 'hydra-builder-version'])
      expect(units).not.toContain(name);
  });

  it('leaves all of it to its keeper', () => {
    const kept = `{ services.hydra.queueRunner = { grpc.address = "127.0.0.1"; settings.maxUnsupportedTimeInS = 7;
        settings.dispatchTriggerTimerInS = 60; settings.tokenPaths = [ "/run/keys/mine" ]; };
      services.hydra-autoscaler.host.tellsWebPages = false; boot.kernel.sysctl."net.ipv4.tcp_retries2" = 15; }`;
    expect(
      evaluate(host(kept), `{ inherit (${RUNNER}) settings; address = ${RUNNER}.grpc.address; }`),
    ).toEqual({
      address: '127.0.0.1',
      settings: {
        maxUnsupportedTimeInS: 7,
        dispatchTriggerTimerInS: 60,
        remoteStoreAddr: [],
        tokenPaths: ['/run/keys/mine'],
      },
    });
    expect(evaluate(host(kept), 'config.services.hydra.extraConfig')).not.toContain('queue_runner_endpoint');
    expect(evaluate(host(kept), 'config.boot.kernel.sysctl')).toEqual({ 'net.ipv4.tcp_retries2': 15 });
  });

  it('can be one of Hydra’s own flake', () => {
    const machine: Machine = { modules: [MODULE, FLAKE, TOKEN], hydra: 'flake-registers' };
    expect(failedAssertions(machine)).toEqual([]);
    expect(evaluate(machine, 'config.services.hydra-queue-runner-dev')).toMatchObject({
      grpc: { address: '0.0.0.0' },
      settings: { maxUnsupportedTimeInS: 86_400 },
    });
    expect(evaluate(machine, 'config.services.hydra-dev.extraConfig')).toContain('queue_runner_endpoint');
    expect(evaluate(machine, 'config.systemd.services.hydra-builder-tokens')).toMatchObject({
      requiredBy: ['hydra-queue-runner-dev.service'],
      environment: { QUEUE_RUNNER: 'hydra-queue-runner-dev.service' },
    });
  });

  it('is the only one of which anything of this is true', () => {
    const older: Machine = { modules: [MODULE, HYDRA, TOKEN], hydra: 'nixpkgs' };
    expect(failedAssertions(older)).toEqual([]);
    expect(evaluate(older, 'builtins.attrNames config.systemd.services')).not.toContain(
      'hydra-builder-tokens',
    );
    expect(evaluate(older, 'config.boot.kernel.sysctl')).toEqual({});
  });
});

describe('the port builders register at', () => {
  const address = (...configuration: readonly string[]): unknown =>
    evaluate(host(...configuration), `${RUNNER}.grpc.address`);

  it.each([
    ['a token', TOKEN],
    ['tokens of one’s own', '{ services.hydra.queueRunner.settings.tokenPaths = [ "/run/keys/mine" ]; }'],
    ['certificates', '{ services.hydra.queueRunner.mtls = { serverKeyPath = "/k"; }; }'],
  ])('is reached by builders where it is guarded by %s', (_what, configuration) => {
    expect(address(configuration)).toBe('0.0.0.0');
    expect(failedAssertions(host(configuration))).toEqual([]);
  });

  it('is reached by the host alone where it is not, or nothing is evaluated', () => {
    expect(address()).toBe('[::1]');
    expect(failedAssertions(host())).toEqual([]);
    const open = '{ services.hydra.queueRunner.grpc.address = "[::]"; }';
    expect(failedAssertions(host(open))).toEqual([expect.stringContaining('without a token or certificate')]);
    const empty = '{ services.hydra.queueRunner = { grpc.address = "[::]"; settings.tokenPaths = [ ]; }; }';
    expect(failedAssertions(host(empty))).toHaveLength(1);
  });

  it('is open in the firewall to private addresses, or those that are named, whichever firewall it is', () => {
    const rules = (...configuration: readonly string[]) =>
      evaluate(
        host(...configuration),
        '[ config.networking.firewall.extraCommands config.networking.firewall.extraInputRules ]',
      );
    const named = '{ services.hydra-autoscaler.host.builderSources = [ "10.7.0.0/16" ]; }';
    expect(rules(TOKEN, named)).toEqual([
      'iptables -w -A nixos-fw -p tcp -s 10.7.0.0/16 --dport 50051 -j nixos-fw-accept\n',
      '',
    ]);
    expect(rules(TOKEN, named, '{ networking.nftables.enable = true; }')).toEqual([
      '',
      'ip saddr 10.7.0.0/16 tcp dport 50051 accept\n',
    ]);
    expect(rules(named)).toEqual(['', '']);
    expect(String(rules(TOKEN)).match(/-s \S+/g)).toEqual([
      '-s 10.0.0.0/8',
      '-s 172.16.0.0/12',
      '-s 192.168.0.0/16',
      '-s 100.64.0.0/10',
    ]);
  });

  it('is not that of the REST interface, which may start builds', () => {
    const open = '{ services.hydra.queueRunner.rest.address = "0.0.0.0"; }';
    expect(failedAssertions(host(open))).toEqual([expect.stringContaining('Leave it on [::1]')]);
  });
});

describe('the Hydra host of the stack on NixOS 26.11', () => {
  const settings = { builderParameter: 'the-builder', queueRunnerToken: TOKEN_ARN };
  beforeEach(() => {
    hostImage(root);
    root.write('etc/os-release', 'ID=nixos\nVERSION_ID="26.11"\n');
  });

  it('is whole: it keeps outputs in its cache, knows the token and says its version', async () => {
    expect(await bootHost(root, settings)).toMatchObject({ code: 0 });
    expect(root.read('etc/nixos/configuration.nix')).toContain('system.stateVersion = "26.11"');
    expect(failedAssertions(hostMachine(root, '{ }', 'nixpkgs-registers'))).toEqual([]);
    const of = (attribute: string): unknown => evaluateHost(root, attribute, '{ }', 'nixpkgs-registers');
    expect(of('services.hydra.queueRunner.settings.remoteStoreAddr')).toEqual([
      expect.stringMatching(/^s3:\/\/cache-bucket\?region=eu-central-1&secret-key=/),
    ]);
    expect(of('services.hydra.queueRunner.grpc.address')).toBe('0.0.0.0');
    expect(of('systemd.services.hydra-builder-tokens.environment.TOKEN_SECRET')).toBe(TOKEN_ARN);
    expect(of('systemd.services.hydra-builder-version.environment.BUILDER_PARAMETER')).toBe('the-builder');
    const units = of('systemd.services') as Record<string, unknown>;
    expect(Object.keys(units)).not.toContain('hydra-host-key');
    expect(units['hydra-hide-role']).toMatchObject({
      requiredBy: ['hydra-evaluator.service', 'hydra-queue-runner.service'],
    });
  });

  it('is whole, too, where nobody said that builders register with it: then none can', async () => {
    await bootHost(root);
    expect(failedAssertions(hostMachine(root, '{ }', 'nixpkgs-registers'))).toEqual([]);
    expect(evaluateHost(root, 'services.hydra.queueRunner.grpc.address', '{ }', 'nixpkgs-registers')).toBe(
      '[::1]',
    );
  });

  it('is as it was on NixOS 26.05, with the same settings', async () => {
    await bootHost(root, settings);
    expect(failedAssertions(hostMachine(root))).toEqual([]);
    const units = evaluateHost(root, 'systemd.services') as Record<string, unknown>;
    expect(Object.keys(units)).toContain('hydra-host-key');
    expect(Object.keys(units)).not.toContain('hydra-builder-tokens');
  });
});
