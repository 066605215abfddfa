/** Our NixOS modules beside somebody's configuration, evaluated by Nix with stand-ins for nixpkgs (in `nix/`). */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Machine {
  /** Files of modules, and modules as Nix text. */
  readonly modules: readonly string[];
  /** Which Hydra the machine's NixOS has. */
  readonly hydra?: 'nixpkgs' | 'flake' | 'nixpkgs-registers' | 'flake-registers' | 'none';
  /** Directory of nixpkgs' own modules. */
  readonly modulesPath?: string;
  /** Root of a store that files are put into; without it nothing is written. */
  readonly storeRoot?: string;
}

export const infraFile = (path: string): string => join(import.meta.dirname, '../../infra', path);

/**
 * A value of the machine's configuration.
 * @param expression Nix, where `config` is the configuration.
 * @throws with Nix's own words where the configuration is refused.
 */
export function evaluate(machine: Machine, expression: string): unknown {
  const { modules, hydra = 'nixpkgs', modulesPath = '/modules', storeRoot } = machine;
  const text = `let config = import ${join(import.meta.dirname, 'nix/evaluate.nix')} {
    modules = [ ${modules.map((module) => `(${module})`).join(' ')} ];
    hydra = "${hydra}";
    modulesPath = "${modulesPath}";
  }; in ${expression}`;
  const store =
    storeRoot === undefined
      ? ['--store', 'dummy://']
      : ['--store', `local?root=${storeRoot}`, '--read-write-mode'];
  const json = execFileSync('nix-instantiate', ['--eval', '--strict', '--json', ...store, '--expr', text], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(json);
}

/** What NixOS would refuse to build the machine for. */
export const failedAssertions = (machine: Machine): readonly string[] =>
  evaluate(
    machine,
    'map (a: a.message) (builtins.filter (a: !a.assertion) config.assertions)',
  ) as readonly string[];
