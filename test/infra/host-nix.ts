/** The Hydra host’s configuration, evaluated by Nix with stand-ins for nixpkgs. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hydraHostUserData } from '../../infra/hydra-host/user-data.ts';
import type { HydraHostSettings } from '../../infra/hydra-host/user-data.ts';
import type { ScratchRoot, ScriptResult } from './scratch-root.ts';

export const SETTINGS: HydraHostSettings = {
  bucket: 'cache-bucket',
  region: 'eu-central-1',
  url: 'http://localhost:3000',
  web: false,
  keyParameter: 'CFN-QueueRunnerKey-1',
};

/** Where our files lie on the host. */
export const OURS = 'etc/nixos/hydra-autoscaler/hydra-host';

/** A NixOS image that has not booted yet. */
export function hostImage(root: ScratchRoot): void {
  root.write('etc/os-release', 'ID=nixos\nVERSION_ID="26.05"\n');
  root.write('etc/nixos/configuration.nix', '{ }\n');
  for (const name of ['nixos-rebuild', 'nix-instantiate', 'nix-channel']) root.program(name);
}

export const bootHost = (
  root: ScratchRoot,
  settings: Partial<HydraHostSettings> = {},
): Promise<ScriptResult> => root.run(hydraHostUserData({ ...SETTINGS, ...settings }), {}, '/bin/bash');

export interface Host {
  readonly file?: 'stand-alone.nix' | 'nixos-ec2.nix';
  readonly isArm?: boolean;
  /** As in `nix.buildMachines`, in Nix. */
  readonly buildMachines?: string;
}

/** One value of a module of a host that has booted. @param root of that host. */
export function evaluate(
  root: ScratchRoot,
  attribute: string,
  { file = 'stand-alone.nix', isArm = false, buildMachines = '[ ]' }: Host = {},
): unknown {
  const standIns = `{
    lib = rec { mkIf = condition: value: if condition then value else null; mkDefault = value: value;
                optionals = condition: list: if condition then list else [ ];
                optional = condition: value: optionals condition [ value ];
                optionalString = condition: text: if condition then text else ""; };
    pkgs = { stdenv.hostPlatform.isAarch64 = ${String(isArm)}; openssl = "openssl"; openssh = "openssh"; jq = "jq"; };
    config = { services.hydra.port = 3000; nix.buildMachines = ${buildMachines}; };
    modulesPath = "/modules";
  }`;
  const json = execFileSync(
    'nix-instantiate',
    [
      '--eval',
      '--strict',
      '--json',
      '--expr',
      `(import ${join(root.path, OURS, file)} ${standIns}).${attribute}`,
    ],
    { encoding: 'utf8', env: { ...process.env, NIX_REMOTE: `local?root=${root.path}/store` } },
  );
  return JSON.parse(json);
}
