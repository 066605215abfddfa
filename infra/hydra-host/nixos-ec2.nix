# Hydra on NixOS on EC2, from nixpkgs (services.hydra) or from Hydra's own flake (services.hydra-dev). Import it into the
# host's configuration; apply it in a quiet moment, as it restarts the queue runner once and that aborts running builds. The
# instance profile needs the policy AmazonSSMManagedInstanceCore, and the host's security group is `deploy.hydraSource` of
# the autoscaler's configuration.
#
# Where its queue runner is the one builders register with (Rust, from NixOS 26.11 on), see registering.nix for what to set.
# With the C++ one nothing is taken away: Hydra goes on reading its machines files, and a host that built by itself goes on building,
# with the slots and features Nix has there. What is named in hydra.conf or on the unit by somebody else wins.
#
# With Hydra's own flake nothing tells `hydra-queue-runner --status` of its database and directory. Put into the
# autoscaler's configuration what the unit has (systemctl show hydra-queue-runner -p Environment):
#   "host": { "environment": { "HYDRA_DBI": "dbi:Pg:dbname=hydra;user=hydra;", "HYDRA_DATA": "/var/lib/hydra" } }
{ config, lib, options, pkgs, ... }:

let
  key = "/var/lib/hydra/queue-runner/.ssh/id_ed25519";
  machines = "/var/lib/hydra/provisioner/machines";
  localMachine = "/run/hydra-autoscaler/local-machine";

  known = [ "hydra" "hydra-dev" ];
  # An option that was removed is still there, but hidden.
  readsFiles = name: (options.services.${name}.buildMachinesFiles or { visible = false; }).visible or true;
  enabled = lib.filter (name: config.services.${name}.enable or false) known;
  isFollowed = enabled != [ ] && readsFiles (lib.head enabled);
  registers =
    (options.services.hydra or { }) ? queueRunner && config.services.hydra.enable
    || config.services.hydra-queue-runner-dev.enable or false;
  hydra = config.services.${lib.head enabled};

  # What the queue runner was told of without us. An empty list is no list to it: it then builds on its own host.
  told = lib.filter (file: file != "") (
    lib.splitString ":" (
      hydra.extraEnv.NIX_REMOTE_SYSTEMS or (lib.concatStringsSep ":" hydra.buildMachinesFiles)
    )
  );
  builtByItself = told == [ ];
  remoteSystems = lib.concatStringsSep ":" (
    lib.unique (lib.optional builtByItself localMachine ++ told ++ [ machines ])
  );
  # Above the value the module of Hydra gives it, below what somebody forces: that is told by an assertion.
  readsOurs.environment.NIX_REMOTE_SYSTEMS = lib.mkOverride 60 remoteSystems;
in
{
  imports = [ ./registering.nix ];

  assertions = [
    {
      assertion = enabled != [ ];
      message = "hydra-autoscaler: no Hydra is enabled on this host, neither services.hydra nor services.hydra-dev.";
    }
    {
      assertion = enabled == [ ] || isFollowed || registers;
      message =
        "hydra-autoscaler: this Hydra reads no machines files, and no queue runner is there that builders register with. "
        + "In Hydra's own flake that is services.hydra-queue-runner-dev: enable it on this host.";
    }
    {
      assertion =
        !isFollowed
        || lib.elem machines (
          lib.splitString ":" (config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS or "")
        );
      message =
        "hydra-autoscaler: NIX_REMOTE_SYSTEMS of hydra-queue-runner.service is forced by somebody else, so the queue "
        + "runner would not read ${machines}. Add that file there.";
    }
  ];

  services = {
    # Already on in NixOS's own images.
    amazon-ssm-agent.enable = true;
  }
  // lib.genAttrs (lib.filter readsFiles known) (_: {
    # Steps wait for machines that are still to be launched, even if our file should be missing for a while. The last such
    # line counts, and that should be yours.
    extraConfig = lib.mkBefore ''
      max_unsupported_time = 86400
    '';
  });

  # Written by root over SSM, read by the queue runner.
  systemd.tmpfiles.rules = [ "d /var/lib/hydra/provisioner 0755 root root -" ];

  # The status is cut down to what is used before it is sent; without jq, Nix does it, more slowly.
  environment.systemPackages = [ pkgs.jq ];

  systemd.services = lib.mkIf isFollowed {
    hydra-queue-runner = readsOurs;
    # Its page of machines shows what these files list.
    hydra-server = readsOurs;

    hydra-local-machine = lib.mkIf builtByItself {
      description = "Lists this host as the builder it is";
      wantedBy = [ "multi-user.target" "hydra-queue-runner.service" ];
      before = [ "hydra-queue-runner.service" ];
      path = [ config.nix.package ];
      # Settings of Nix that change are listed without a restart of the queue runner.
      restartTriggers = lib.optional (
        config.environment.etc ? "nix/nix.conf"
      ) config.environment.etc."nix/nix.conf".source;
      unitConfig.StartLimitIntervalSec = 0;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        Restart = "on-failure";
        RestartSec = 30;
        User = "hydra-queue-runner";
        RuntimeDirectory = "hydra-autoscaler";
        RuntimeDirectoryPreserve = true;
      };
      script = ''
        ${pkgs.runtimeShell} ${./local-machine.sh} >${localMachine}.new
        mv ${localMachine}.new ${localMachine}
      '';
    };

    # The public half goes into `deploy.queueRunnerKey`: cat /var/lib/hydra/queue-runner/.ssh/id_ed25519.pub
    hydra-queue-runner-key = {
      description = "Key the queue runner reaches builders with";
      wantedBy = [ "multi-user.target" ];
      before = [ "hydra-queue-runner.service" ];
      after = [ "hydra-init.service" ];
      unitConfig.ConditionPathExists = "!${key}";
      serviceConfig = {
        Type = "oneshot";
        User = "hydra-queue-runner";
        UMask = "0077";
      };
      script = ''
        mkdir -p "$(dirname ${key})"
        ${pkgs.openssh}/bin/ssh-keygen -q -t ed25519 -N "" -C hydra-queue-runner -f ${key}
      '';
    };
  };
}
