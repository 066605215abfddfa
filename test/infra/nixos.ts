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
export const evaluate = (machine: Machine, expression: string): unknown =>
  nixValue(`let config = ${answered(machine, 'config')}; in ${expression}`, machine.storeRoot);

const STAND_INS = join(import.meta.dirname, 'nix');

const answered = (
  { modules, hydra = 'nixpkgs', modulesPath = '/modules' }: Machine,
  answer: string,
): string =>
  `import ${STAND_INS}/evaluate.nix {
    modules = [ ${modules.map((module) => `(${module})`).join(' ')} ];
    hydra = "${hydra}";
    modulesPath = "${modulesPath}";
    answer = "${answer}";
  }`;

function nixValue(text: string, storeRoot?: string): unknown {
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

/** What is said of an option: a value, or a text that stands for one; nothing where there is none. */
type Said = Readonly<Record<never, never>> | { readonly value: unknown } | { readonly text: string };

/** An option as its module declares it. */
export interface NixOption {
  /** Below the path that was asked for; `*` stands for an entry of a list. */
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly default: Said;
  readonly example: Said;
}

/** The options of a machine below `path`, submodules' among them, by name. */
export const optionsOf = (machine: Machine, path: readonly string[]): readonly NixOption[] =>
  nixValue(
    `import ${STAND_INS}/options-of.nix { options = ${answered(machine, 'options')}; path = [ ${path.map((name) => `"${name}"`).join(' ')} ]; }`,
  ) as readonly NixOption[];
