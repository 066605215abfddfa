# A builder as an image of your own: import this into the configuration the image is made from, and set
# `deploy.builders.<type>.userData` to "none". It does what the user data does for the official images, at build time:
#
#   nixos-rebuild build-image --image-variant amazon     then upload it, and name it in the type's `image`
#
#   { imports = [ ./builder.nix ];
#     services.hydra-builder = {
#       enable = true;
#       queueRunnerKey = "ssh-ed25519 AAAA… hydra-queue-runner";
#       stateTable = "…";        # output StateTable of the stack
#       systemFeatures = [ "big-parallel" ];
#     }; }
{ config, lib, pkgs, ... }:

let
  cfg = config.services.hydra-builder;
  documents = ../documents;
  # The settings the scripts read, as the user data writes them.
  base = pkgs.writeText "hydra-builder-base" (
    builtins.readFile (documents + "/common.sh")
    + lib.concatStrings (
      lib.mapAttrsToList (name: value: "${name}=${lib.escapeShellArg (toString value)}\n") {
        farm = cfg.farm;
        state_table = cfg.stateTable;
        dead_man_minutes = cfg.deadManMinutes;
      }
    )
    + builtins.readFile ./aws-call.sh
  );
  askMachine = pkgs.writeText "hydra-builder-ask-machine" (
    builtins.readFile (documents + "/common.sh") + builtins.readFile (documents + "/ask-machine.sh")
  );
  deadMan = pkgs.writeText "hydra-builder-dead-man" (
    ". ${base}\n" + builtins.readFile ./dead-man.sh
  );
in
{
  options.services.hydra-builder = {
    enable = lib.mkEnableOption "building for a Hydra queue runner under hydra-autoscaler";
    queueRunnerKey = lib.mkOption {
      type = lib.types.str;
      description = "Public key line of the queue runner; it may run nix-store --serve --write and nothing else.";
    };
    systemFeatures = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "big-parallel" "benchmark" "nixos-test" ];
      description = "What this machine really has. Add kvm only where /dev/kvm exists.";
    };
    farm = lib.mkOption {
      type = lib.types.str;
      default = "hydra-provisioned";
      description = "The `tag` of the autoscaler's configuration.";
    };
    stateTable = lib.mkOption {
      type = lib.types.str;
      description = "The autoscaler's table, where the machine sees that ticks go on and want it.";
    };
    deadManMinutes = lib.mkOption {
      type = lib.types.ints.between 15 1440;
      default = 90;
      description = "An idle machine that heard nothing for so long powers itself off for good.";
    };
    swapGiB = lib.mkOption {
      type = lib.types.ints.unsigned;
      default = 4;
      description = "Size of the swap file; 0 for none.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.amazon-ssm-agent.enable = true;
    services.openssh.enable = true;
    users.users.root.openssh.authorizedKeys.keys = [
      ''restrict,command="${config.nix.package}/bin/nix-store --serve --write" ${cfg.queueRunnerKey}''
    ];

    nix.settings = {
      system-features = cfg.systemFeatures;
      builders-use-substitutes = true;
    };
    # Machines are short-lived and their disks are large: collecting garbage would only race with builds.
    nix.gc.automatic = false;
    swapDevices = lib.optional (cfg.swapGiB > 0) {
      device = "/var/hydra-builder.swap";
      size = cfg.swapGiB * 1024;
    };

    # Fetched builds have the network, but must not have the machine's role.
    networking.firewall.extraCommands = ''
      iptables -C OUTPUT -d 169.254.169.254 -m owner ! --uid-owner 0 -j REJECT 2>/dev/null ||
        iptables -I OUTPUT -d 169.254.169.254 -m owner ! --uid-owner 0 -j REJECT
    '';

    systemd.services.hydra-dead-man = {
      description = "Ends this machine when it is idle and the autoscaler is gone";
      path = [ pkgs.curl config.systemd.package ];
      serviceConfig = {
        Type = "oneshot";
        # The console is what EC2 shows of a machine that cannot be reached.
        StandardOutput = "journal+console";
        RuntimeDirectory = "hydra-builder";
        RuntimeDirectoryPreserve = true;
        ExecStartPre = "${pkgs.coreutils}/bin/ln -sf ${askMachine} /run/hydra-builder/ask-machine";
        ExecStart = "${pkgs.runtimeShell} ${deadMan}";
      };
    };
    systemd.timers.hydra-dead-man = {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnBootSec = 60;
        OnUnitInactiveSec = 60;
        AccuracySec = 10;
      };
    };
  };
}
