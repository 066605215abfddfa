# The Hydra host (host.nix) for a configuration that imports this file, which is all that has to be done.
{ lib, ... }:

{
  imports = [ ./host.nix ];
  services.hydra-autoscaler.host.enable = lib.mkDefault true;
}
