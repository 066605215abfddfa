# The part of a Hydra host whose queue runner is told of builders by machines files, and goes to them by SSH (C++, up to NixOS
# 26.05). Elsewhere it does nothing.
{ config, lib, options, pkgs, ... }:

let
  cfg = config.services.hydra-autoscaler.host;
  which = import ./which.nix { inherit config lib options; };
  inherit (which) hydra;
  inherit (lib) mkOption types;

  localMachine = "/run/hydra-autoscaler/local-machine";

  # What the queue runner was told of without us. An empty list is no list to it: it then builds on its own host.
  told = lib.filter (file: file != "") (
    lib.splitString ":" (
      hydra.extraEnv.NIX_REMOTE_SYSTEMS or (lib.concatStringsSep ":" hydra.buildMachinesFiles)
    )
  );
  listsItself = if cfg.localMachine.enable == null then told == [ ] else cfg.localMachine.enable;
  remoteSystems = lib.concatStringsSep ":" (
    lib.unique (lib.optional listsItself localMachine ++ told ++ cfg.machinesFiles)
  );
  # Above the value the module of Hydra gives it, below what somebody forces: that is told by an assertion.
  readsOurs.environment.NIX_REMOTE_SYSTEMS = lib.mkOverride 60 remoteSystems;
  reads = lib.splitString ":" (config.systemd.services.hydra-queue-runner.environment.NIX_REMOTE_SYSTEMS or "");
  missing = lib.filter (file: !lib.elem file reads) cfg.machinesFiles;
in
{
  options.services.hydra-autoscaler.host = {
    machinesFiles = mkOption {
      type = types.listOf types.path;
      default = [ "/var/lib/hydra/provisioner/machines" ];
      example = [ "/var/lib/hydra/provisioner/machines" "/var/lib/hydra/provisioner/arm" ];
      description = "The file of each farm that gives this Hydra builders: `host.machinesFile` of its configuration. Their directories are made, and belong to root. (C++ queue runner only.)";
    };
    localMachine = {
      enable = mkOption {
        type = types.nullOr types.bool;
        default = null;
        example = false;
        description = "Whether this host builds, too. By default it does as it did: where no machines file was named, the queue runner built on its own host. (C++ queue runner only.)";
      };
      maxJobs = mkOption {
        type = types.nullOr types.ints.unsigned;
        default = null;
        example = 2;
        description = "How many steps this host builds at a time, if it does; by default `max-jobs` of its Nix. (C++ queue runner only.)";
      };
      systemFeatures = mkOption {
        type = types.nullOr (types.listOf types.str);
        default = null;
        example = [ "benchmark" "nixos-test" ];
        description = "The features of this host, if it builds; by default `system-features` of its Nix. (C++ queue runner only.)";
      };
    };
    keyFile = mkOption {
      type = types.path;
      default = "/var/lib/hydra/queue-runner/.ssh/id_ed25519";
      description = "The key the queue runner reaches builders with, which is `sshKey` of the machine types where it is not this one. Its public half, beside it, is `deploy.queueRunnerKey`. (C++ queue runner only.)";
    };
    generateKey = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to make the key of `keyFile` where there is none yet. (C++ queue runner only.)";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = !which.isFollowed || missing == [ ];
        message =
          "hydra-autoscaler: NIX_REMOTE_SYSTEMS of hydra-queue-runner.service is forced by somebody else, so the queue "
          + "runner would not read ${lib.concatStringsSep " and " missing}. Add that file there.";
      }
    ];

    services = lib.genAttrs which.namesOfReaders (_: {
      # Steps wait for machines that are still to be launched, even if our file should be missing for a while. The last such
      # line counts, and that should be yours.
      extraConfig = lib.mkBefore ''
        max_unsupported_time = ${toString cfg.maxUnsupportedTime}
      '';
    });

    # Written by root over SSM, read by the queue runner.
    systemd.tmpfiles.rules = lib.unique (map (file: "d ${dirOf file} 0755 root root -") cfg.machinesFiles);

    systemd.services = lib.mkIf which.isFollowed {
      hydra-queue-runner = readsOurs;
      # Its page of machines shows what these files list.
      hydra-server = readsOurs;

      hydra-local-machine = lib.mkIf listsItself {
        description = "Lists this host as the builder it is";
        wantedBy = [ "multi-user.target" "hydra-queue-runner.service" ];
        before = [ "hydra-queue-runner.service" ];
        path = [ config.nix.package ];
        environment = {
          LOCAL_JOBS = if cfg.localMachine.maxJobs == null then null else toString cfg.localMachine.maxJobs;
          LOCAL_FEATURES =
            if cfg.localMachine.systemFeatures == null then null else toString cfg.localMachine.systemFeatures;
        };
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

      hydra-queue-runner-key = lib.mkIf cfg.generateKey {
        description = "Key the queue runner reaches builders with";
        wantedBy = [ "multi-user.target" ];
        before = [ "hydra-queue-runner.service" ];
        after = [ "hydra-init.service" ];
        unitConfig.ConditionPathExists = "!${cfg.keyFile}";
        serviceConfig = {
          Type = "oneshot";
          User = "hydra-queue-runner";
          UMask = "0077";
        };
        script = ''
          key=${lib.escapeShellArg cfg.keyFile}
          mkdir -p "$(dirname "$key")"
          ${pkgs.openssh}/bin/ssh-keygen -q -t ed25519 -N "" -C hydra-queue-runner -f "$key"
        '';
      };
    };
  };
}
