import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hydraHostUserData } from '../../infra/hydra-host/user-data.ts';
import type { HydraHostSettings } from '../../infra/hydra-host/user-data.ts';
import { MAX_USER_DATA_BYTES } from '../../infra/user-data-text.ts';
import { needs } from '../needs.ts';
import { bootHost, evaluateHost, hostImage, hostMachine, OURS, SETTINGS } from './host-nix.ts';
import { evaluate as evaluateText, failedAssertions, infraFile } from './nixos.ts';
import { ScratchRoot } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  hostImage(root);
});
afterEach(() => {
  root.remove();
});

const rebuilds = (): number => root.calls.filter((call) => call === 'nixos-rebuild switch').length;
const boot = (settings: Partial<HydraHostSettings> = {}) => bootHost(root, settings);
const evaluate = (attribute: string, configuration?: string): unknown =>
  evaluateHost(root, attribute, configuration);

describe('the user data of the Hydra host', () => {
  it('passes shellcheck, starts as NixOS images know a script, and has room to spare', (context) => {
    needs(context, 'shellcheck');
    const text = hydraHostUserData(SETTINGS);
    execFileSync('shellcheck', ['-s', 'sh', '-'], { input: text });
    expect(text.startsWith('#!')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_USER_DATA_BYTES * 0.85);
  });

  it('holds no secret and no key', () => {
    expect(hydraHostUserData(SETTINGS)).not.toMatch(/BEGIN|AKIA|ssh-ed25519 AAAA/);
  });

  it('is refused when it grows beyond what EC2 takes', () => {
    expect(() => hydraHostUserData({ ...SETTINGS, url: `https://${'a'.repeat(16_000)}` })).toThrow(
      /the Hydra host has \d+ bytes, EC2 takes 16384/,
    );
  });
});

describe('the Hydra host at its boots', () => {
  it('is rebuilt from our files at the first, for the release of its image', async (context) => {
    needs(context, 'nix-instantiate');
    expect(await boot()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('hydra-host: ready') as string,
    });
    expect(rebuilds()).toBe(1);
    expect(JSON.parse(root.read(`${OURS}/settings.json`))).toEqual(SETTINGS);
    const configuration = root.read('etc/nixos/configuration.nix');
    expect(configuration).toContain('imports = [ ./hydra-autoscaler/hydra-host/stand-alone.nix ];');
    expect(configuration).toContain('system.stateVersion = "26.05";');
    execFileSync('nix-instantiate', ['--parse', join(root.path, 'etc/nixos/configuration.nix')], {
      stdio: 'pipe',
    });
  });

  it('is left alone at the next, with whatever its keeper has added', async () => {
    await boot();
    root.write('etc/nixos/configuration.nix', '{ mine = true; }\n');
    expect(await boot()).toMatchObject({ code: 0, stdout: '' });
    expect(rebuilds()).toBe(1);
    await boot({ web: true });
    expect(rebuilds()).toBe(2);
    expect(root.read('etc/nixos/configuration.nix')).toBe('{ mine = true; }\n');
    expect(JSON.parse(root.read(`${OURS}/settings.json`))).toMatchObject({ web: true });
  });

  it('tries again at the next boot when the rebuild failed', async () => {
    root.program('nixos-rebuild', 'exit 1');
    expect(await boot()).toMatchObject({ code: 75 });
    root.program('nixos-rebuild');
    expect(await boot()).toMatchObject({ code: 0 });
    expect(rebuilds()).toBe(2);
  });

  it('fetches the channel of its release only where the image brought none', async () => {
    await boot();
    expect(root.calls.some((call) => call.startsWith('nix-channel'))).toBe(false);
    root.program('nix-instantiate', 'exit 1');
    await boot({ web: true });
    expect(root.calls).toContain('nix-channel --add https://channels.nixos.org/nixos-26.05 nixos');
  });

  it('refuses an image that is no NixOS release', async () => {
    root.write('etc/os-release', 'VERSION_ID="2"; touch /tmp/x\n');
    expect(await boot()).toMatchObject({
      code: 74,
      stderr: expect.stringContaining('no image of a NixOS') as string,
    });
    expect(rebuilds()).toBe(0);
  });
});

describe('the configuration of the Hydra host', () => {
  beforeEach((context) => {
    needs(context, 'nix-instantiate');
  });

  it('is whole: a Hydra that follows our file and builds a little by itself', async () => {
    await boot();
    expect(failedAssertions(hostMachine(root))).toEqual([]);
    expect(evaluate('systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS')).toBe(
      '/run/hydra-autoscaler/local-machine:/var/lib/hydra/provisioner/machines',
    );
    // EC2 has no /dev/kvm, whatever NixOS takes for granted.
    expect(evaluate('nix.settings')).toMatchObject({
      'max-jobs': 2,
      'system-features': ['benchmark', 'big-parallel', 'nixos-test'],
    });
  });

  it('uploads signed outputs to the cache and waits for machines', async () => {
    await boot();
    const lines = String(evaluate('services.hydra.extraConfig')).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^store_uri = s3:\/\/cache-bucket\?region=eu-central-1&secret-key=\/var\/lib\/hydra-host\/signing-key&/,
        ),
        'server_store_uri = s3://cache-bucket?region=eu-central-1',
        'max_unsupported_time = 86400',
      ]),
    );
  });

  it('names each store once, another one too', async () => {
    await boot();
    // The second is what hosts of before were told, whose configuration nobody writes anew.
    for (const name of ['hydra-autoscaler.standAlone', 'hydra-host']) {
      const own = `{ services.${name}.storeUri = "file:///srv/cache"; }`;
      const stores = String(evaluate('services.hydra.extraConfig', own)).match(/^store_uri.*$/gm);
      expect(stores).toEqual(['store_uri = file:///srv/cache']);
    }
  });

  it('leaves everything it sets to its keeper', async () => {
    await boot({ web: true });
    const kept = {
      'services.hydra.hydraURL': 'https://hydra.example.org',
      'services.hydra.notificationSender': 'hydra@example.org',
      'services.hydra.listenHost': '*',
      'services.hydra.minimumDiskFree': 50,
      'services.hydra.minimumDiskFreeEvaluator': 50,
      'services.hydra.useSubstitutes': false,
      'services.nginx.recommendedProxySettings': false,
      'services.nginx.recommendedTlsSettings': false,
      'services.nginx.virtualHosts.hydra.forceSSL': false,
      'nix.gc.automatic': false,
      'nix.settings.max-jobs': 0,
      'nix.settings.system-features': ['kvm'],
      'nix.settings.allowed-uris': ['github:me/'],
      swapDevices: [],
    };
    const read = `{ ${Object.keys(kept)
      .map((option) => `"${option}" = config.${option};`)
      .join(' ')} }`;
    const written = Object.entries(kept).map(([option, value]) => `${option} = ${JSON.stringify(value)};`);
    const ours = evaluateText(hostMachine(root), read) as Record<string, unknown>;
    for (const [option, value] of Object.entries(kept)) expect(ours[option]).not.toEqual(value);
    expect(evaluateText(hostMachine(root, `{ ${written.join(' ')} }`), read)).toEqual(kept);
  });

  it('keeps the host’s role from evaluations and builds, whatever the firewall, or does neither', async () => {
    await boot();
    expect(
      evaluate('systemd.services.hydra-hide-role', '{ networking.firewall.enable = false; }'),
    ).toMatchObject({
      requiredBy: ['hydra-evaluator.service', 'hydra-queue-runner.service'],
      before: ['hydra-evaluator.service', 'hydra-queue-runner.service'],
      script: expect.stringMatching(/hide_role root hydra-queue-runner hydra-www\n$/) as string,
    });
    expect(evaluate('systemd.timers.hydra-hide-role.timerConfig')).toMatchObject({ OnUnitInactiveSec: 60 });
    expect(failedAssertions(hostMachine(root, '{ networking.nftables.enable = true; }'))).toEqual([]);
  });

  it('serves its pages to itself only, or by HTTPS to others', async () => {
    await boot();
    expect(evaluate('services.hydra.listenHost')).toBe('127.0.0.1');
    expect(evaluate('services.nginx.enable')).toBe(false);
    expect(evaluate('networking.firewall.allowedTCPPorts')).toEqual([]);
    await boot({ web: true, url: 'https://hydra.example.org' });
    expect(evaluate('services.nginx.virtualHosts.hydra')).toMatchObject({
      forceSSL: true,
      sslCertificateKey: '/var/lib/hydra-host/web.key',
      locations: { '/': { proxyPass: 'http://127.0.0.1:3000' } },
    });
    expect(evaluate('networking.firewall.allowedTCPPorts')).toEqual([80, 443]);
    expect(evaluate('services.hydra.hydraURL')).toBe('https://hydra.example.org');
  });

  it('takes the certificate of Let’s Encrypt its comment gives as an example', async () => {
    await boot({ web: true });
    const text = readFileSync(infraFile('hydra-host/stand-alone.nix'), 'utf8');
    const [example = ''] = /(^# {3}.*\n)+/m.exec(text) ?? [];
    const configuration = example.replace(/^# {3}/gm, '');
    expect(evaluate('services.nginx.virtualHosts.hydra', configuration)).toMatchObject({
      serverName: 'hydra.example.org',
      enableACME: true,
      forceSSL: true,
    });
    expect(evaluate('security.acme.acceptTerms', configuration)).toBe(true);
  });

  it('takes a value for a value, whatever it looks like', async () => {
    const url = 'https://x.example.org/"; evil = true; #${builtins.abort "no"} \'\' $(reboot)';
    await boot({ url });
    expect(evaluate('services.hydra.hydraURL')).toBe(url);
  });
});
