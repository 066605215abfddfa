# The part of an image's configuration by which machines register with the Rust queue runner: `needs` are assertions. Which
# queue runner there is each machine reads at its boot.
{ base, cfg, config, lib, options, pkgs, state }:

let
  registers = cfg.queueRunnerAddr != null;
  # NixOS has it from 26.11 on.
  canRegister = (options.services.hydra-builder or { }) ? queueRunnerAddr;
  runtimeDirectory = "/run/hydra-builder";

  beforeStart = pkgs.writeScript "hydra-builder-before-start" (
    ''
      #!${pkgs.runtimeShell}
      PATH=${lib.makeBinPath [ pkgs.curl pkgs.coreutils ]}:$PATH
      . ${base}
    ''
    + builtins.readFile ./secret.sh
    + builtins.readFile ./before-start.sh
  );
in
{
  needs = lib.optionals registers [
    {
      assertion = canRegister;
      message =
        "queueRunnerAddr is set, but this NixOS has no services.hydra-builder: build the image from the nixpkgs of the Hydra "
        + "host, which is 26.11 or later where builders register.";
    }
    {
      assertion = cfg.queueRunnerToken != null || !canRegister || config.services.hydra-builder.mtls != null;
      message = "queueRunnerToken is needed, or services.hydra-builder.mtls.";
    }
    {
      assertion = !canRegister || config.services.hydra-builder.settings.supportedFeatures == null;
      message =
        "services.hydra-builder.settings.supportedFeatures has to stay null: features that Nix itself lacks fail builds for "
        + "good. Offer them in systemFeatures.";
    }
  ];

  config = lib.optionalAttrs canRegister {
    services.hydra-builder = lib.mkIf registers {
      enable = true;
      queueRunnerAddr = cfg.queueRunnerAddr;
      authorizationFile = lib.mkIf (cfg.queueRunnerToken != null) "${runtimeDirectory}/token";
      settings = {
        pingInterval = lib.mkDefault 5;
        maxJobs = cfg.maxJobs;
        speedFactor = cfg.speedFactor;
        systems = cfg.systems;
        mandatoryFeatures = cfg.mandatoryFeatures;
        useSubstitutes = lib.mkDefault true;
      };
    };

    systemd.services = lib.mkIf registers {
      hydra-builder = {
        # It is started by what finds out that it is needed.
        wantedBy = lib.mkForce [ ];
        # Looked at by it alone: Nix builds where it always does.
        environment.NIX_CONFIG = "build-dir = /run/hydra-drain";
        serviceConfig = {
          RuntimeDirectoryMode = "0700";
          RuntimeDirectoryPreserve = "restart";
          ExecStartPre = lib.mkIf (cfg.queueRunnerToken != null) "+${beforeStart}";
        };
      };

      hydra-serve = {
        description = "Serves the queue runner the farm has";
        wantedBy = [ "multi-user.target" ];
        wants = [ "network-online.target" ];
        after = [ "network-online.target" ];
        path = [ pkgs.curl pkgs.util-linux config.systemd.package ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          StandardOutput = "journal+console";
          RuntimeDirectory = "hydra-autoscaler";
          RuntimeDirectoryPreserve = true;
        };
        script = ''
          . ${base}
          warn() { printf 'hydra-builder: %s\n' "$1" >&2; }
        ''
        + builtins.readFile ./register.sh
        + ''
          learn_queue_runner
          [ "$queue_runner" = rust ] || exit 0
          echo rust >"$state/serves"
          close_gauge || {
            echo 'hydra-builder: takes no builds: its gauge could not be closed, so that nothing would keep work from it' >&2
            exit 74
          }
          systemctl start --no-block hydra-builder.service
        '';
      };
    };
  };
}
