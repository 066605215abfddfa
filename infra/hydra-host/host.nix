# What the host of a Hydra on NixOS needs that hydra-autoscaler gives builders to, from nixpkgs (services.hydra) or from
# Hydra's own flake (services.hydra-dev), with either queue runner. Apply it in a quiet moment: the queue runner is restarted
# once, which aborts running builds. The instance profile needs the policy AmazonSSMManagedInstanceCore, and the host's security
# group is `deploy.hydraSource` of the autoscaler's configuration.
#
# Nothing is taken away: Hydra goes on reading its machines files, and a host that built by itself goes on building, with the
# slots and features Nix has there. What is named in hydra.conf or on the unit by somebody else wins.
#
# With Hydra's own flake nothing tells `hydra-queue-runner --status` of its database and directory. Put into the
# autoscaler's configuration what the unit has (systemctl show hydra-queue-runner -p Environment):
#   "host": { "environment": { "HYDRA_DBI": "dbi:Pg:dbname=hydra;user=hydra;", "HYDRA_DATA": "/var/lib/hydra" } }
{ config, lib, options, pkgs, ... }:

let
  cfg = config.services.hydra-autoscaler.host;
  which = import ./which.nix { inherit config lib options; };
in
{
  imports = [ ./machines-files.nix ./registering.nix ./upload.nix ];

  options.services.hydra-autoscaler.host = {
    enable = lib.mkEnableOption "what hydra-autoscaler needs on the host of the Hydra it gives builders to";
    maxUnsupportedTime = lib.mkOption {
      type = lib.types.ints.between 1800 31536000;
      default = 86400;
      example = 604800;
      description = "Seconds for which a step waits for a machine that supports it, instead of failing: machines are launched only when it is there. What Hydra's own settings say wins.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = which.isThere;
        message = "hydra-autoscaler: no Hydra is enabled on this host, neither services.hydra nor services.hydra-dev.";
      }
      {
        assertion = !which.isThere || which.isFollowed || which.registers;
        message =
          "hydra-autoscaler: this Hydra reads no machines files, and no queue runner is there that builders register with. "
          + "In Hydra's own flake that is services.hydra-queue-runner-dev: enable it on this host.";
      }
    ];

    # Already on in NixOS's own images.
    services.amazon-ssm-agent.enable = true;

    # The status is cut down to what is used before it is sent; without jq, Nix does it, more slowly.
    environment.systemPackages = [ pkgs.jq ];
  };
}
