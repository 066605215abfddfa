# What nixpkgs gives for another system.
{ system, config, overlays }:

{
  hydra-builder = {
    type = "derivation";
    outPath = "/nix/store/${builtins.substring 0 32 "11111111111111111111111111111111"}-hydra-builder-for-${system}";
  };
}
