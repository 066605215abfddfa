# Evaluates modules of ours beside somebody's configuration.
#   hydra: the kind of Hydra NixOS has: "nixpkgs", "flake", "builders-register" or "none"
#   nixpkgsHas: files of nixpkgs that are there
{ modules, hydra ? "nixpkgs", modulesPath ? "/modules" }:

let
  real = builtins.getEnv "NIXPKGS_LIB";
  lib = if real == "" then import ./lib.nix else import (/. + real);
  pkgs = import ./pkgs.nix { inherit lib; };
  hydras = {
    nixpkgs = [ (import ./hydra.nix { name = "hydra"; readsFiles = true; }) ];
    flake = [ (import ./hydra.nix { name = "hydra-dev"; readsFiles = true; }) ];
    builders-register = [ (import ./hydra.nix { name = "hydra"; readsFiles = false; }) ];
    none = [ ];
  };
in
(lib.evalModules {
  modules = [ ./nixos.nix ] ++ hydras.${hydra} ++ modules;
  specialArgs = { inherit lib pkgs modulesPath; };
}).config
