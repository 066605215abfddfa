# Evaluates modules of ours beside somebody's configuration.
#   answer: what of it, "config" or "options"
#   hydra: the kind of Hydra NixOS has: "nixpkgs" or "flake" with machines files, "nixpkgs-registers" or "flake-registers",
#   where builders register, or "none"
{ modules, hydra ? "nixpkgs", modulesPath ? "/modules", answer ? "config" }:

let
  real = builtins.getEnv "NIXPKGS_LIB";
  lib = if real == "" then import ./lib.nix else import (/. + real);
  registers = builtins.elem hydra [ "nixpkgs-registers" "flake-registers" ];
  pkgs = import ./pkgs.nix { inherit lib registers; };
  hydras = {
    nixpkgs = [ (import ./hydra.nix { name = "hydra"; readsFiles = true; }) ];
    flake = [ (import ./hydra.nix { name = "hydra-dev"; readsFiles = true; }) ];
    nixpkgs-registers = [
      (import ./hydra.nix { name = "hydra"; readsFiles = false; })
      (import ./registers.nix { inFlake = false; })
    ];
    flake-registers = [
      (import ./hydra.nix { name = "hydra-dev"; readsFiles = false; })
      (import ./registers.nix { inFlake = true; })
    ];
    none = [ ];
  };
in
(lib.evalModules {
  modules = [ ./nixos.nix ] ++ hydras.${hydra} ++ modules;
  specialArgs = { inherit lib pkgs modulesPath; };
}).${answer}
