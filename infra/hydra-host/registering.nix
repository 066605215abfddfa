# What a host needs whose queue runner builders register with: the Rust one, of NixOS 26.11 (services.hydra) and of Hydra's
# own flake (services.hydra-queue-runner-dev). Elsewhere it does nothing. What you set yourself wins.
#
# Builders show a token. It is in the secret that is `deploy.queueRunnerToken` in the autoscaler's configuration; the
# instance profile has to be allowed to read it, and to put the version where builders look (output BuilderVersion):
#
#   { services.hydra-autoscaler.host = {
#       tokenSecret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:builders-AbCdEf";
#       builderParameter = "CFN-…";
#     }; }
#
# With services.hydra.queueRunner.mtls or with tokens of your own (settings.tokenPaths) tokenSecret is not needed. Without
# any of these nobody but this host reaches the port: whoever may register may hand outputs to the queue runner.
{ config, lib, options, pkgs, ... }:

let
  cfg = config.services.hydra-autoscaler.host;

  which = import ./which.nix { inherit config lib options; };
  inherit (which) inNixpkgs inFlake usesFlake;
  enabled = cfg.enable && which.registers;
  runner = if usesFlake then config.services.hydra-queue-runner-dev else config.services.hydra.queueRunner;
  unit = if usesFlake then "hydra-queue-runner-dev" else "hydra-queue-runner";

  tokens = "/var/lib/hydra-autoscaler/tokens";
  hasOwnTokens = cfg.tokenSecret != null;
  isGuarded = (if runner.settings.tokenPaths == null then [ ] else runner.settings.tokenPaths) != [ ] || runner.mtls != null;
  isLoopback = address: lib.elem address [ "[::1]" "127.0.0.1" "localhost" ];
  isOpen = !isLoopback runner.grpc.address;
  port = toString runner.grpc.port;

  endpoint = "queue_runner_endpoint = http://${runner.rest.address}:${toString runner.rest.port}\n";

  settings = {
    grpc.address = lib.mkIf isGuarded (lib.mkDefault "0.0.0.0");
    settings = {
      # Steps wait for machines that are still to be launched.
      maxUnsupportedTimeInS = lib.mkDefault cfg.maxUnsupportedTime;
      # A machine that has just registered gets its first step at the next of these
      # (measured: docs/develop/facts.md#a-new-builder-of-the-rust-runner-waits-for-a-dispatch).
      dispatchTriggerTimerInS = lib.mkDefault 5;
      tokenPaths = lib.mkIf hasOwnTokens [ "${tokens}/current" "${tokens}/previous" ];
    };
  };

  versionOf =
    system:
    let
      there = if system == pkgs.stdenv.hostPlatform.system then pkgs else import pkgs.path { inherit system; inherit (pkgs) config overlays; };
    in
    # Its name is all this host needs: it neither builds nor fetches it.
    builtins.unsafeDiscardStringContext "${there.hydra-builder}";

  again = seconds: {
    wantedBy = [ "timers.target" ];
    timerConfig.OnUnitInactiveSec = seconds;
  };
  asksAws = {
    wantedBy = [ "multi-user.target" ];
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    path = [ pkgs.curl config.systemd.package ];
    unitConfig.StartLimitIntervalSec = 0;
    serviceConfig = {
      Type = "oneshot";
      Restart = "on-failure";
      RestartSec = 30;
    };
  };
in
{
  imports = import ../renamed.nix {
    inherit lib;
    from = [ "services" "hydra-autoscaler-host" ];
    to = [ "services" "hydra-autoscaler" "host" ];
    names = [ "tokenSecret" "builderParameter" "builders" "builderSources" "tellsWebPages" ];
  };

  options.services.hydra-autoscaler.host = {
    tokenSecret = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:builders-AbCdEf";
      description = "ARN of the secret or SSM parameter with the token builders register with, as plain text: `deploy.queueRunnerToken`. (Rust queue runner only.)";
    };
    builderParameter = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "CFN-BuilderVersion-AbCdEf";
      description = "SSM parameter (output BuilderVersion) in which builders find the hydra-builder they need. On EC2 only; elsewhere put it there by hand. (Rust queue runner only.)";
    };
    builders = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = if pkgs ? hydra-builder then lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] versionOf else { };
      defaultText = lib.literalMD "that of this host's nixpkgs, for x86_64-linux and aarch64-linux";
      description = "Store path of hydra-builder for each system builders have: of the revision the queue runner has. Their substituters must have it. (Rust queue runner only.)";
    };
    builderSources = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "10.0.0.0/8" "172.16.0.0/12" "192.168.0.0/16" "100.64.0.0/10" ];
      example = [ "10.7.0.0/16" ];
      description = "Ranges of addresses this host's firewall lets builders register from; the default is all private ones. (Rust queue runner only.)";
    };
    tellsWebPages = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether to write queue_runner_endpoint into hydra.conf; set it to false where you do, as hydra.conf takes no line twice. (Rust queue runner only.)";
    };
  };

  config =
    lib.optionalAttrs (inNixpkgs || inFlake) {
      services = lib.optionalAttrs inNixpkgs {
        hydra.queueRunner = lib.mkIf (enabled && !usesFlake) settings;
        hydra.extraConfig = lib.mkIf (enabled && !usesFlake && cfg.tellsWebPages) endpoint;
      }
      // lib.optionalAttrs inFlake {
        hydra-queue-runner-dev = lib.mkIf usesFlake settings;
      }
      // lib.optionalAttrs (options.services ? hydra-dev) {
        hydra-dev.extraConfig = lib.mkIf (usesFlake && cfg.tellsWebPages) endpoint;
      };

      assertions = lib.mkIf enabled [
        {
          assertion = isLoopback runner.rest.address;
          message =
            "hydra-autoscaler: the REST interface of the queue runner listens on ${runner.rest.address}, and whoever reaches "
            + "it may start builds. Leave it on [::1].";
        }
        {
          assertion = isGuarded || !isOpen;
          message =
            "hydra-autoscaler: builders register at ${runner.grpc.address} without a token or certificate, so whoever reaches "
            + "it may hand outputs to the queue runner. Set services.hydra-autoscaler.host.tokenSecret, tokenPaths or mtls.";
        }
        {
          assertion = cfg.builderParameter == null || cfg.builders != { };
          message =
            "hydra-autoscaler: this nixpkgs has no hydra-builder to name in ${toString cfg.builderParameter}. Set "
            + "services.hydra-autoscaler.host.builders to the one of the revision the queue runner has, for each system.";
        }
      ];

      # A machine that vanishes is noticed after two minutes instead of sixteen
      # (measured: docs/develop/facts.md#a-vanished-builder-is-noticed-late).
      boot.kernel.sysctl."net.ipv4.tcp_retries2" = lib.mkIf enabled (lib.mkDefault 8);

      networking.firewall = lib.mkIf (enabled && isOpen) {
        extraCommands = lib.mkIf (!config.networking.nftables.enable) (
          lib.concatMapStrings (
            range: "iptables -w -A nixos-fw -p tcp -s ${range} --dport ${port} -j nixos-fw-accept\n"
          ) cfg.builderSources
        );
        extraInputRules = lib.mkIf config.networking.nftables.enable (
          lib.concatMapStrings (range: "ip saddr ${range} tcp dport ${port} accept\n") cfg.builderSources
        );
      };

      systemd = lib.mkIf enabled {
        services.hydra-builder-tokens = lib.mkIf hasOwnTokens (
          asksAws
          // {
            description = "Reads the token builders register with";
            # It does not stay active: then each start of the queue runner runs it again, and is never stopped with it.
            requiredBy = [ "${unit}.service" ];
            before = [ "${unit}.service" ];
            environment = {
              TOKEN_SECRET = cfg.tokenSecret;
              QUEUE_RUNNER = "${unit}.service";
            };
            script =
              builtins.readFile ../builders/aws-call.sh + builtins.readFile ../builders/secret.sh + builtins.readFile ./tokens.sh;
          }
        );
        timers.hydra-builder-tokens = lib.mkIf hasOwnTokens (again 300);

        # Again and again, as any deployment may put the parameter back to what its template says.
        services.hydra-builder-version = lib.mkIf (cfg.builderParameter != null) (
          asksAws
          // {
            description = "Says which hydra-builder fits this queue runner, where builders look";
            # An upgrade starts another queue runner.
            wantedBy = [ "multi-user.target" "${unit}.service" ];
            environment = {
              BUILDER_PARAMETER = cfg.builderParameter;
              BUILDERS = lib.concatStringsSep " " (lib.mapAttrsToList (system: path: "${system}=${path}") cfg.builders);
            };
            script =
              builtins.readFile ../builders/aws-call.sh
              + builtins.readFile ./put-parameter.sh
              + ''put_parameter "$BUILDER_PARAMETER" "$BUILDERS" 'the hydra-builder of this host'
              '';
          }
        );
        timers.hydra-builder-version = lib.mkIf (cfg.builderParameter != null) (again 3600);
      };
    };
}
