/** The flake, as Nix itself takes it: what docs/nixos.md shows is evaluated as it stands there, with a stand-in for nixpkgs. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROOT, textOf } from '../docs/documents.ts';
import { needs } from '../needs.ts';

let top = '';
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'hydra-flake-'));
  // What Git has of it: the flake needs nothing that has to be made first.
  cpSync(join(ROOT, 'flake.nix'), join(top, 'ours/flake.nix'));
  cpSync(join(ROOT, 'infra'), join(top, 'ours/infra'), { recursive: true });
  cpSync(join(ROOT, 'test/infra/nix'), join(top, 'nixpkgs'), { recursive: true });
  writeFileSync(
    join(top, 'nixpkgs/flake.nix'),
    `{ outputs = _: { lib.nixosSystem = { modules, system ? "" }: { config = import ./evaluate.nix {
        inherit modules; hydra = if system == "" then "nixpkgs" else "none"; }; }; }; }\n`,
  );
});
afterAll(() => {
  rmSync(top, { recursive: true });
});
beforeEach((context) => {
  needs(context, 'nix');
});

/** Runs `nix` without a network, with a store and a home of its own. @throws with Nix's words where it fails. */
function nix(...args: readonly string[]): string {
  const features = ['nix-command', 'flakes'].flatMap((name) => ['--extra-experimental-features', name]);
  const environment = {
    HOME: join(top, 'home'),
    XDG_CACHE_HOME: join(top, 'cache'),
    PATH: process.env['PATH'],
  };
  return execFileSync('nix', [...features, '--offline', '--store', join(top, 'store'), ...args], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A value of a machine of somebody's flake, which is one of the page's. */
function ofMachine(flake: string, attribute: string): unknown {
  const theirs = join(top, 'theirs');
  rmSync(theirs, { recursive: true, force: true });
  mkdirSync(theirs);
  writeFileSync(join(theirs, 'flake.nix'), flake);
  writeFileSync(
    join(theirs, 'configuration.nix'),
    '{ services.hydra = { enable = true; hydraURL = "https://h"; notificationSender = "h@example.org"; }; }\n',
  );
  const inputs = [
    ['nixpkgs', 'nixpkgs'],
    ['hydra-autoscaler', 'ours'],
  ].flatMap(([input, folder]) => ['--override-input', input, `path:${top}/${folder}`] as string[]);
  return JSON.parse(
    nix(
      'eval',
      '--no-write-lock-file',
      ...inputs,
      '--json',
      `path:${theirs}#nixosConfigurations.${attribute}`,
    ),
  );
}

const FLAKES = [...textOf('docs/nixos.md').matchAll(/^```nix\n(\{\n {2}inputs.*?)^```$/gms)].map(
  ([, text = '']) => text,
);

describe('the flake', () => {
  it('has three modules and no inputs, and passes its check', () => {
    const names = nix('eval', '--json', `path:${top}/ours#nixosModules`, '--apply', 'builtins.attrNames');
    expect(JSON.parse(names)).toEqual(['builder', 'hydra-host', 'hydra-host-hybrid']);
    expect(JSON.parse(nix('flake', 'metadata', '--json', `path:${top}/ours`))).toMatchObject({
      locks: { nodes: { root: {} } },
    });
    nix('flake', 'check', `path:${top}/ours`);
  });

  it('makes a host of somebody’s Hydra, with what the page says and no more', () => {
    const [host = ''] = FLAKES;
    expect(ofMachine(host, 'hydra.config.assertions')).not.toContainEqual(
      expect.objectContaining({ assertion: false }),
    );
    expect(
      ofMachine(host, 'hydra.config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS'),
    ).toBe('/run/hydra-autoscaler/local-machine:/var/lib/hydra/provisioner/machines');
    const hybrid = host.replace('hydra-host', 'hydra-host-hybrid');
    expect(ofMachine(hybrid, 'hydra.config.systemd.services.ssm-registration.wantedBy')).toEqual([
      'multi-user.target',
    ]);
  });

  it('may give the host its modules more than once', () => {
    const [host = ''] = FLAKES;
    const twice = host.replace(
      'hydra-autoscaler.nixosModules.hydra-host\n',
      'hydra-autoscaler.nixosModules.hydra-host hydra-autoscaler.nixosModules.hydra-host-hybrid\n',
    );
    expect(ofMachine(twice, 'hydra.config.services.hydra-autoscaler.host.activationFile')).toBe(
      '/etc/hydra/ssm-activation',
    );
  });

  it('makes an image of a builder', () => {
    const [, builder = ''] = FLAKES;
    expect(ofMachine(builder, 'builder.config.users.users.root.openssh.authorizedKeys.keys')).toEqual([
      expect.stringMatching(
        /^restrict,command="\S+-hydra-builder-serve" ssh-ed25519 AAAA… hydra-queue-runner$/,
      ),
    ]);
    expect(ofMachine(builder, 'builder.config.assertions')).not.toContainEqual(
      expect.objectContaining({ assertion: false }),
    );
  });
});
