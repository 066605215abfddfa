import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hydraHostUserData } from '../../infra/hydra-host/user-data.ts';
import type { HydraHostSettings } from '../../infra/hydra-host/user-data.ts';
import { MAX_USER_DATA_BYTES } from '../../infra/user-data-text.ts';
import { startMachineAws } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';

const SETTINGS: HydraHostSettings = {
  bucket: 'cache-bucket',
  region: 'eu-central-1',
  url: 'http://localhost:3000',
  web: false,
  keyParameter: 'CFN-QueueRunnerKey-1',
};
const OURS = 'etc/nixos/hydra-autoscaler/hydra-host';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  root.write('etc/os-release', 'ID=nixos\nVERSION_ID="26.05"\n');
  root.write('etc/nixos/configuration.nix', '{ }\n');
  for (const name of ['nixos-rebuild', 'nix-instantiate', 'nix-channel']) root.program(name);
});
afterEach(() => {
  root.remove();
});

const rebuilds = (): number => root.calls.filter((call) => call === 'nixos-rebuild switch').length;
const boot = (settings: Partial<HydraHostSettings> = {}) =>
  root.run(hydraHostUserData({ ...SETTINGS, ...settings }), {}, '/bin/bash');

describe('the user data of the Hydra host', () => {
  it('passes shellcheck, starts as NixOS images know a script, and has room to spare', () => {
    const text = hydraHostUserData(SETTINGS);
    execFileSync('shellcheck', ['-s', 'sh', '-'], { input: text });
    expect(text.startsWith('#!')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_USER_DATA_BYTES * 0.75);
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
  it('is rebuilt from our files at the first, for the release of its image', async () => {
    expect(await boot()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('hydra-host: ready') as string,
    });
    expect(rebuilds()).toBe(1);
    expect(JSON.parse(root.read(`${OURS}/settings.json`))).toEqual(SETTINGS);
    const configuration = root.read('etc/nixos/configuration.nix');
    expect(configuration).toContain('imports = [ ./hydra-autoscaler/hydra-host/stand-alone.nix ];');
    expect(configuration).toContain('system.stateVersion = "26.05";');
    execFileSync('nix-instantiate', ['--parse', join(root.path, 'etc/nixos/configuration.nix')]);
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

/** One value of the host's configuration, evaluated with stand-ins for nixpkgs. */
function evaluate(attribute: string, arm = false): unknown {
  const standIns = `{
    lib = { mkIf = condition: value: if condition then value else null; mkDefault = value: value;
            optionals = condition: list: if condition then list else [ ]; };
    pkgs = { stdenv.hostPlatform.isAarch64 = ${String(arm)}; openssl = "openssl"; openssh = "openssh"; jq = "jq"; };
    config = { services.hydra.port = 3000; };
    modulesPath = "/modules";
  }`;
  const file = join(root.path, OURS, 'stand-alone.nix');
  const json = execFileSync(
    'nix-instantiate',
    ['--eval', '--strict', '--json', '--expr', `(import ${file} ${standIns}).${attribute}`],
    { encoding: 'utf8', env: { ...process.env, NIX_REMOTE: `local?root=${root.path}/store` } },
  );
  return JSON.parse(json);
}

describe('the configuration of the Hydra host', () => {
  it('uploads signed outputs to the cache and waits for machines', async () => {
    await boot();
    expect(String(evaluate('services.hydra.extraConfig')).split('\n')).toEqual([
      expect.stringMatching(
        /^store_uri = s3:\/\/cache-bucket\?region=eu-central-1&secret-key=\/var\/lib\/hydra-host\/signing-key&/,
      ),
      'server_store_uri = s3://cache-bucket?region=eu-central-1',
      '',
    ]);
    expect(evaluate('services.hydra.hydraURL')).toBe('http://localhost:3000');
  });

  it.each([
    [false, 'localhost x86_64-linux,i686-linux,builtin - 2 1 benchmark,big-parallel,nixos-test - -\n'],
    [true, 'localhost aarch64-linux,builtin - 2 1 benchmark,big-parallel,nixos-test - -\n'],
  ])('lists the host itself with the systems it has, arm64: %s', async (arm, line) => {
    await boot();
    expect(evaluate('environment.etc."hydra/static-machines".text', arm)).toBe(line);
  });

  it('serves its pages to itself only, or by HTTPS to others', async () => {
    await boot();
    expect(evaluate('services.hydra.listenHost')).toBe('127.0.0.1');
    expect(evaluate('services.nginx')).toBeNull();
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

  it('takes a value for a value, whatever it looks like', async () => {
    const url = 'https://x.example.org/"; evil = true; #${builtins.abort "no"} \'\' $(reboot)';
    await boot({ url });
    expect(evaluate('services.hydra.hydraURL')).toBe(url);
  });
});

describe('what the Hydra host makes itself', () => {
  const script = () => evaluate('systemd.services.hydra-host-secrets.script') as string;
  const environment = { CACHE_NAME: 'cache-bucket', KEY_PARAMETER: 'CFN-QueueRunnerKey-1', WEB: '' };

  beforeEach(async () => {
    await boot();
    root.write('var/lib/hydra/queue-runner/.ssh/id_ed25519.pub', 'ssh-ed25519 AAAAC3Nz+/ root@ip-10-0-0-1\n');
    root.program('nix-store', 'printf "%s:secret" "$2" >"$3"; printf "%s:public" "$2" >"$4"');
    root.program('runuser', `cat >'${root.path}/stdin'`);
    for (const name of ['chown', 'chgrp']) root.program(name);
  });

  it('is a signing key, an administrator, and the queue runner’s key where builders read it; once', async () => {
    const bodies: string[] = [];
    const aws = await startMachineAws((target, body) => {
      bodies.push(`${target} ${body}`);
      return '{"Version":1}';
    });
    try {
      const run = () => root.run(script(), { ...environment, ...aws.environment });
      expect(await run()).toMatchObject({ code: 0, stdout: '' });
      const password = root.read('var/lib/hydra-host/admin-password').trim();
      expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
      expect(root.read('stdin')).toBe(`${password}\n${password}\n`);
      expect(root.calls.join('\n')).not.toContain(password);
      expect(root.calls.find((call) => call.startsWith('runuser'))).toBe(
        'runuser -u hydra -- hydra-create-user admin --full-name Administrator --role admin --password-prompt',
      );
      expect(root.read('var/lib/hydra-host/signing-key')).toBe('cache-bucket-1:secret');
      expect(root.mode('var/lib/hydra-host/signing-key')).toBe('600');
      expect(root.mode('var/lib/hydra-host/admin-password')).toBe('600');
      expect(root.mode('var/lib/hydra-host/signing-key.pub')).toBe('444');
      expect(await run()).toMatchObject({ code: 0 });
      expect(root.read('var/lib/hydra-host/admin-password').trim()).toBe(password);
      expect(bodies).toEqual([
        'AmazonSSM.PutParameter {"Name":"CFN-QueueRunnerKey-1","Value":"ssh-ed25519 AAAAC3Nz+/ hydra-queue-runner","Type":"String","Overwrite":true}',
      ]);
    } finally {
      await aws.stop();
    }
  });

  it('is finished by the next try where AWS could not be asked, or Hydra was not ready', async () => {
    const aws = await startMachineAws(() => undefined);
    try {
      root.program('runuser', 'exit 1');
      expect((await root.run(script(), { ...environment, ...aws.environment })).code).not.toBe(0);
      expect(root.has('var/lib/hydra-host/admin-password')).toBe(false);
      root.program('runuser', 'cat >/dev/null');
      expect((await root.run(script(), { ...environment, ...aws.environment })).code).not.toBe(0);
      expect(root.has('var/lib/hydra-host/published')).toBe(false);
      expect(aws.targets).toEqual(['AmazonSSM.PutParameter']);
    } finally {
      await aws.stop();
    }
  });

  it('is a certificate too, where others reach the pages', async () => {
    const aws = await startMachineAws(() => '{}');
    try {
      expect((await root.run(script(), { ...environment, ...aws.environment, WEB: '1' })).code).toBe(0);
      expect(root.read('var/lib/hydra-host/web.crt')).toContain('BEGIN CERTIFICATE');
      expect(root.mode('var/lib/hydra-host/web.key')).toBe('640');
    } finally {
      await aws.stop();
    }
  });
});
