/** The Hydra host that comes with the stack: its boots, and the configuration it then has. */
import { join } from 'node:path';
import { hydraHostUserData } from '../../infra/hydra-host/user-data.ts';
import type { HydraHostSettings } from '../../infra/hydra-host/user-data.ts';
import { evaluate, type Machine } from './nixos.ts';
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
  root.write('nixpkgs-modules/virtualisation/amazon-image.nix', '{ }\n');
  for (const name of ['nixos-rebuild', 'nix-instantiate', 'nix-channel']) root.program(name);
}

export const bootHost = (
  root: ScratchRoot,
  settings: Partial<HydraHostSettings> = {},
): Promise<ScriptResult> => root.run(hydraHostUserData({ ...SETTINGS, ...settings }), {}, '/bin/bash');

/** One value of a host that has booted. @param configuration what its keeper has added, in Nix. */
export const evaluateHost = (
  root: ScratchRoot,
  attribute: string,
  configuration = '{ }',
  hydra: NonNullable<Machine['hydra']> = 'nixpkgs',
): unknown => evaluate(hostMachine(root, configuration, hydra), `config.${attribute}`);

/** The machine that a host which has booted is rebuilt to. @param hydra that of the NixOS its image has. */
export const hostMachine = (
  root: ScratchRoot,
  configuration = '{ }',
  hydra: NonNullable<Machine['hydra']> = 'nixpkgs',
): Machine => ({
  hydra,
  modules: [join(root.path, OURS, 'stand-alone.nix'), configuration],
  modulesPath: join(root.path, 'nixpkgs-modules'),
});
