# A builder as an image of your own: import this into the configuration the image is made from, and set
# `deploy.builders.<type>.userData` to "none". It does what the user data does for the official images, at build time:
#
#   nixos-rebuild build-image --image-variant amazon     then upload it, and name it in the type's `image`
#
#   { imports = [ ./builder.nix ];
#     services.hydra-autoscaler.builder = {
#       enable = true;
#       queueRunnerKey = "ssh-ed25519 AAAA… hydra-queue-runner";
#       stateTable = "…";        # output StateTable of the stack
#       systemFeatures = [ "big-parallel" ];
#     }; }
#
# For the Rust queue runner, with which machines register, build it from the nixpkgs (flake.lock) of the Hydra host, which has
# to be NixOS 26.11 or later: builder and queue runner have to be of one version. Then set `queueRunnerAddr` and
# `queueRunnerToken` as well; with them and a key the image serves whichever queue runner the farm has at its boot:
#
#   { services.hydra-autoscaler.builder = {
#       queueRunnerAddr = "http://10.0.0.5:50051";
#       queueRunnerToken = "arn:aws:secretsmanager:…";
#       maxJobs = 4;
#     }; }
#
# Unlike other builders it takes no builds where they could read the credentials of the machine's role, whatever those permit.
{ config, lib, modulesPath, options, pkgs, ... }:

let
  cfg = config.services.hydra-autoscaler.builder;
  renamed = from: names: import ../renamed.nix { inherit from lib names; to = [ "services" "hydra-autoscaler" "builder" ]; };
  firstNames = [ "enable" "queueRunnerKey" "systemFeatures" "farm" "stateTable" "deadManMinutes" "swapGiB" ];
  isOther = cfg.sshUser != "root";
  # By SSH; else machines only register.
  isReached = cfg.queueRunnerKey != null;
  registers = cfg.queueRunnerAddr != null;
  registration = import ./register.nix { inherit base cfg config lib options pkgs state; };
  documents = ../documents;
  state = "/run/hydra-autoscaler";
  # The settings the scripts read, as the user data writes them.
  base = pkgs.writeText "hydra-builder-base" (
    builtins.readFile (documents + "/common.sh")
    + lib.concatStrings (
      lib.mapAttrsToList (name: value: "${name}=${lib.escapeShellArg (toString value)}\n") {
        farm = cfg.farm;
        state_table = cfg.stateTable;
        queue_runner = if !registers then "cpp" else if isReached then "auto" else "rust";
        queue_runner_token = if cfg.queueRunnerToken == null then "" else cfg.queueRunnerToken;
        dead_man_minutes = cfg.deadManMinutes;
        upload_to = if cfg.upload == null then "" else cfg.upload.to;
        upload_secret = if cfg.upload == null || cfg.upload.secret == null then "" else cfg.upload.secret;
        upload_signing_key = if cfg.upload == null || cfg.upload.signingKey == null then "" else cfg.upload.signingKey;
      }
    )
    + "state=$root${state}\n"
    + builtins.readFile ./aws-call.sh
    + builtins.readFile ./heard.sh
  );
  askMachine = pkgs.writeText "hydra-builder-ask-machine" (
    builtins.readFile (documents + "/common.sh") + builtins.readFile (documents + "/ask-machine.sh")
  );
  deadMan = pkgs.writeText "hydra-builder-dead-man" (
    ". ${base}\n" + builtins.readFile ./dead-man.sh
  );

  # What the queue runner's key may run. The rule is looked for at each connection: firewalls come and go.
  serve = pkgs.writeScript "hydra-builder-serve" ''
    #!${pkgs.runtimeShell}
    PATH=${pkgs.iptables}/bin:$PATH
    root=
    if [ "$(cat ${state}/serves 2>/dev/null)" = rust ]; then
      echo 'hydra-builder: this machine serves the Rust queue runner since its boot' >&2
      exit 74
    fi
    ${builtins.readFile ./hide-role.sh}
    hide_role root || {
      echo 'hydra-builder: builds could read the credentials of this machine, so it takes none: iptables failed' >&2
      exit 74
    }
    exec ${config.nix.package}/bin/nix-store --serve --write
  '';

  # Nix runs it after each build, even before the secret is read.
  upload = pkgs.writeScript "hydra-builder-upload" (
    ''
      #!${pkgs.runtimeShell}
      PATH=${lib.makeBinPath [ config.nix.package pkgs.coreutils ]}:$PATH
      . ${base}
      [ -s "$state/secret" ] || [ -s "$state/signing-key" ] || exit 0
    ''
    + builtins.readFile ./upload.sh
  );
in
{
  imports =
    renamed [ "services" "hydra-autoscaler-builder" ] (firstNames ++ [
      "queueRunnerAddr"
      "queueRunnerToken"
      "maxJobs"
      "speedFactor"
      "systems"
      "mandatoryFeatures"
      "sshUser"
      "sshPort"
      "upload"
    ])
    # nixpkgs has a service of this name, for another queue runner, since 26.11.
    ++ lib.optionals (!builtins.pathExists "${modulesPath}/services/continuous-integration/hydra/builder.nix") (
      renamed [ "services" "hydra-builder" ] firstNames
    );

  options.services.hydra-autoscaler.builder = {
    enable = lib.mkEnableOption "building for a Hydra queue runner under hydra-autoscaler";
    queueRunnerKey = lib.mkOption {
      type = lib.types.nullOr lib.types.singleLineStr;
      default = null;
      example = "ssh-ed25519 AAAA… hydra-queue-runner";
      description = "Public key line of the C++ queue runner; it may run nix-store --serve --write and nothing else.";
    };
    queueRunnerAddr = lib.mkOption {
      type = lib.types.nullOr lib.types.singleLineStr;
      default = null;
      example = "http://10.0.0.5:50051";
      description = "Where the Rust queue runner takes builders in: `host.queueRunnerAddr`.";
    };
    queueRunnerToken = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:builders-AbCdEf";
      description = "ARN of the secret or parameter with the token the machine registers with: `deploy.queueRunnerToken`.";
    };
    maxJobs = lib.mkOption {
      type = lib.types.ints.unsigned;
      default = 1;
      example = 4;
      description = "The type's `maxJobs`, which a machine that registers says itself.";
    };
    speedFactor = lib.mkOption {
      type = lib.types.either lib.types.int lib.types.float;
      default = 1;
      example = 1.5;
      description = "The type's `speedFactor`, which a machine that registers says itself.";
    };
    systems = lib.mkOption {
      type = lib.types.nullOr (lib.types.listOf lib.types.str);
      default = null;
      example = [ "x86_64-linux" "i686-linux" ];
      description = "The systems of the type, which a machine that registers says itself; by default all that Nix builds there.";
    };
    mandatoryFeatures = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "kvm" ];
      description = "The features in the type's name, which a machine that registers says itself.";
    };
    sshUser = lib.mkOption {
      type = lib.types.str;
      default = "root";
      example = "build";
      description = "The type's `sshUser`: whom the queue runner comes as. Another than root is made, and trusted by Nix.";
    };
    sshPort = lib.mkOption {
      type = lib.types.port;
      default = 22;
      description = "The type's `sshPort`.";
    };
    systemFeatures = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "big-parallel" "benchmark" "nixos-test" ];
      description = "What this machine really has. Add kvm only where /dev/kvm exists.";
    };
    farm = lib.mkOption {
      type = lib.types.str;
      default = "hydra-autoscaler";
      description = "The `tag` of the autoscaler's configuration; where it has none, the name of its stack.";
    };
    stateTable = lib.mkOption {
      type = lib.types.str;
      example = "hydra-autoscaler-StateTable…";
      description = "The autoscaler's table (output StateTable), where the machine sees that ticks go on and want it.";
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
    upload = lib.mkOption {
      type = lib.types.nullOr (
        lib.types.submodule {
          options = {
            to = lib.mkOption {
              type = lib.types.str;
              example = "s3://my-cache?region=eu-central-1";
              description = "An s3:// address, or cachix: and the name of a cache.";
            };
            secret = lib.mkOption {
              type = lib.types.nullOr lib.types.str;
              default = null;
              description = "ARN of the secret or parameter with the signing key (S3) or the token (Cachix), as plain text. The machine's role has to be permitted to read it.";
            };
            signingKey = lib.mkOption {
              type = lib.types.nullOr lib.types.str;
              default = null;
              description = "The same for the signing key of a Cachix cache that has one of its own, beside the token or instead of it.";
            };
          };
        }
      );
      default = null;
      description = "A binary cache to copy each output to.";
    };
  };

  config = lib.mkIf cfg.enable (lib.mkMerge [ registration.config {
    assertions = map (need: need // { message = "services.hydra-autoscaler.builder: ${need.message}"; }) (
      lib.optionals isReached (import ./reachable.nix { inherit config lib; user = cfg.sshUser; port = cfg.sshPort; })
      ++ registration.needs
      ++ [
        {
          assertion = isReached || registers;
          message = "queueRunnerKey is needed, or queueRunnerAddr where machines register with the queue runner.";
        }
        {
          assertion = (config.nix.settings.max-jobs or "auto") != 0;
          message = "with nix.settings.max-jobs = 0 this machine would build nothing.";
        }
        {
          assertion = cfg.upload == null || lib.any (lib.flip lib.hasPrefix cfg.upload.to) [ "s3://" "cachix:" ];
          message = "upload.to is an s3:// address, or cachix: and the name of a cache.";
        }
        {
          assertion = cfg.upload == null || cfg.upload.secret != null || lib.hasPrefix "cachix:" cfg.upload.to && cfg.upload.signingKey != null;
          message = "upload.secret is needed, or for a Cachix cache with a key of its own upload.signingKey.";
        }
      ]
    );

    services.amazon-ssm-agent.enable = lib.mkDefault true;
    services.openssh.enable = lib.mkIf isReached (lib.mkDefault true);
    services.openssh.ports = lib.mkIf (isReached && cfg.sshPort != 22) (lib.mkDefault [ cfg.sshPort ]);
    users.users.${cfg.sshUser} = lib.mkIf isReached (lib.mkMerge [
      { openssh.authorizedKeys.keys = [ ''restrict,command="${serve}" ${cfg.queueRunnerKey}'' ]; }
      (lib.mkIf isOther {
        isSystemUser = true;
        group = cfg.sshUser;
        useDefaultShell = true;
        home = "/var/lib/${cfg.sshUser}";
        createHome = true;
      })
    ]);
    users.groups = lib.mkIf (isReached && isOther) { ${cfg.sshUser} = { }; };

    nix.settings = {
      system-features = cfg.systemFeatures;
      builders-use-substitutes = lib.mkDefault true;
      # What the queue runner sends is not signed.
      trusted-users = lib.mkIf (isReached && isOther) [ cfg.sshUser ];
      post-build-hook = lib.mkIf (cfg.upload != null) "${upload}";
    };
    # Machines are short-lived and their disks are large: collecting garbage would only race with builds.
    nix.gc.automatic = lib.mkDefault false;
    swapDevices = lib.optional (cfg.swapGiB > 0) {
      device = "/var/hydra-builder.swap";
      size = cfg.swapGiB * 1024;
    };

    systemd = lib.mkMerge [
      (import ./hide-role.nix {
        inherit pkgs;
        users = [ "root" ];
        # Whoever has its token may hand outputs to the queue runner.
        requiredBy = lib.optional registers "hydra-builder.service";
      })
      {
        services.hydra-dead-man = {
          description = "Ends this machine when it is idle and the autoscaler is gone";
          path = [ pkgs.curl config.systemd.package ];
          serviceConfig = {
            Type = "oneshot";
            # The console is what EC2 shows of a machine that cannot be reached.
            StandardOutput = "journal+console";
            RuntimeDirectory = "hydra-autoscaler";
            RuntimeDirectoryPreserve = true;
            ExecStartPre = "${pkgs.coreutils}/bin/ln -sf ${askMachine} ${state}/ask-machine";
            ExecStart = "${pkgs.runtimeShell} ${deadMan}";
          };
        };
        timers.hydra-dead-man = {
          wantedBy = [ "timers.target" ];
          timerConfig = {
            OnBootSec = 60;
            OnUnitInactiveSec = 60;
            AccuracySec = 10;
          };
        };
      }
      (lib.mkIf (cfg.upload != null) {
        services.hydra-upload-secret = {
          description = "Reads what outputs are uploaded with";
          wantedBy = [ "multi-user.target" ];
          wants = [ "network-online.target" ];
          after = [ "network-online.target" ];
          path = [ pkgs.curl ];
          unitConfig.StartLimitIntervalSec = 0;
          serviceConfig = {
            Type = "oneshot";
            RemainAfterExit = true;
            Restart = "on-failure";
            RestartSec = 30;
            UMask = "0077";
            StandardOutput = "journal+console";
            RuntimeDirectory = "hydra-autoscaler";
            RuntimeDirectoryPreserve = true;
          };
          script =
            ". ${base}\n"
            + builtins.readFile ./secret.sh
            + builtins.readFile ./upload-secret.sh
            + lib.optionalString (lib.hasPrefix "cachix:" cfg.upload.to) "ln -sfn ${pkgs.cachix} \"$state/cachix\"\n"
            + ''
              read_upload_secrets || {
                echo "hydra-builder: outputs are not uploaded: $secret_fault" >&2
                exit 1
              }
            '';
        };
      })
    ];
  } ]);
}
