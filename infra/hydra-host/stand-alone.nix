# A whole Hydra, with either queue runner, on one NixOS machine on EC2: database, evaluator, queue runner, web pages, binary cache on S3, and the
# autoscaler's settings. The stack puts it there (deploy.hydraHost) beside settings.json, which tells it everything.
# What is yours goes into /etc/nixos/configuration.nix, which imports this and is written only once. It wins over what is set
# here. A certificate of Let's Encrypt, for example, whose servers ask on port 80 (so `webSource` has to be 0.0.0.0/0):
#
#   { services.nginx.virtualHosts.hydra = { serverName = "hydra.example.org"; enableACME = true; };
#     security.acme = { acceptTerms = true; defaults.email = "you@example.org"; }; }
{ config, lib, modulesPath, options, pkgs, ... }:

let
  settings = builtins.fromJSON (builtins.readFile ./settings.json);
  secrets = "/var/lib/hydra-host";
  cache = "s3://${settings.bucket}?region=${settings.region}";
  # The one builders register with has settings of its own, and no key.
  registers = options.services.hydra ? queueRunner;
in
{
  imports = [
    "${modulesPath}/virtualisation/amazon-image.nix"
    ./nixos-ec2.nix
    {
      systemd = import ../builders/hide-role.nix {
        inherit pkgs;
        users = [ "root" "hydra-queue-runner" "hydra-www" ];
        # Where it fails nothing is evaluated or built.
        requiredBy = [ "hydra-evaluator.service" "hydra-queue-runner.service" ];
      };
    }
  ]
  ++ import ../renamed.nix {
    inherit lib;
    from = [ "services" "hydra-host" ];
    to = [ "services" "hydra-autoscaler" "standAlone" ];
    names = [ "storeUri" "serverStoreUri" ];
  };

  # A store of yours goes here: Hydra's web pages take no line of hydra.conf twice.
  options.services.hydra-autoscaler.standAlone = {
    storeUri = lib.mkOption {
      type = lib.types.str;
      default = "${cache}&secret-key=${secrets}/signing-key&compression=zstd&write-nar-listing=1&ls-compression=br&log-compression=br";
      defaultText = lib.literalMD "the stack's bucket, signed with the key the host has made";
      example = "file:///srv/cache?secret-key=/var/lib/hydra-host/signing-key";
      description = "Where the queue runner puts outputs.";
    };
    serverStoreUri = lib.mkOption {
      type = lib.types.str;
      # Only uploaders have to sign.
      default = cache;
      defaultText = lib.literalMD "the stack's bucket";
      description = "Where the web pages read them.";
    };
  };

  config = {
    services.hydra = {
      enable = lib.mkDefault true;
      hydraURL = lib.mkDefault settings.url;
      notificationSender = lib.mkDefault "hydra@localhost";
      # From outside it is reached through SSM or nginx only.
      listenHost = lib.mkDefault "127.0.0.1";
      minimumDiskFree = lib.mkDefault 10;
      minimumDiskFreeEvaluator = lib.mkDefault 5;
      # Builders fetch from their substituters what they can, instead of having it all sent from here.
      useSubstitutes = lib.mkDefault true;
      extraConfig = ''
        store_uri = ${config.services.hydra-autoscaler.standAlone.storeUri}
        server_store_uri = ${config.services.hydra-autoscaler.standAlone.serverStoreUri}
      '';
    }
    // lib.optionalAttrs registers {
      queueRunner.settings.remoteStoreAddr = [ config.services.hydra-autoscaler.standAlone.storeUri ];
    };
    services.hydra-autoscaler.host = {
      tokenSecret = lib.mkDefault (settings.queueRunnerToken or null);
      builderParameter = lib.mkDefault (settings.builderParameter or null);
    };

    nix = {
      settings = {
        allowed-uris = lib.mkDefault [ "github:" "gitlab:" "git+https:" "https:" ];
        # The host builds little by itself: evaluations need its memory. It has no /dev/kvm, which NixOS takes for granted;
        # a priority between NixOS's default and a value of yours.
        max-jobs = lib.mkDefault 2;
        system-features = lib.mkOverride 900 [ "benchmark" "big-parallel" "nixos-test" ];
      };
      # Outputs are in the cache; what evaluations and running builds need has roots.
      gc.automatic = lib.mkDefault true;
    };
    # Evaluating nixpkgs takes more memory than an affordable machine has.
    swapDevices = lib.mkDefault [ { device = "/var/swap"; size = 8192; } ];

    networking.firewall.allowedTCPPorts = lib.optionals settings.web [ 80 443 ];

    systemd.services.hydra-host-secrets = {
      description = "Signing key, certificate and administrator";
      wantedBy = [ "multi-user.target" ];
      requires = [ "hydra-init.service" ];
      after = [ "hydra-init.service" ];
      before = [ "hydra-queue-runner.service" "nginx.service" ];
      # The system's own programs, Hydra's among them with their settings wrapped around them.
      path = [ "/run/current-system/sw" pkgs.openssl ];
      environment = {
        CACHE_NAME = settings.bucket;
        WEB = if settings.web then "1" else "";
      };
      unitConfig.StartLimitIntervalSec = 0;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        Restart = "on-failure";
        RestartSec = 30;
      };
      script = builtins.readFile ./secrets.sh;
    };

    # Again and again, as any deployment may put the parameter back to what its template says.
    systemd.services.hydra-host-key = lib.mkIf (!registers) {
      description = "Puts the queue runner's key where builders read it";
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" "hydra-queue-runner-key.service" ];
      path = [ "/run/current-system/sw" ];
      environment.KEY_PARAMETER = settings.keyParameter;
      unitConfig.StartLimitIntervalSec = 0;
      serviceConfig = {
        Type = "oneshot";
        Restart = "on-failure";
        RestartSec = 30;
      };
      script =
        builtins.readFile ../builders/aws-call.sh + builtins.readFile ./put-parameter.sh + builtins.readFile ./publish-key.sh;
    };
    systemd.timers.hydra-host-key = lib.mkIf (!registers) {
      wantedBy = [ "timers.target" ];
      timerConfig.OnUnitInactiveSec = 3600;
    };

    # Signed by itself, until a certificate of yours lies over the two files or ACME is switched on.
    services.nginx = lib.mkIf settings.web {
      enable = lib.mkDefault true;
      recommendedProxySettings = lib.mkDefault true;
      recommendedTlsSettings = lib.mkDefault true;
      virtualHosts.hydra = {
        default = lib.mkDefault true;
        forceSSL = lib.mkDefault true;
        sslCertificate = lib.mkDefault "${secrets}/web.crt";
        sslCertificateKey = lib.mkDefault "${secrets}/web.key";
        locations."/".proxyPass = lib.mkDefault "http://127.0.0.1:${toString config.services.hydra.port}";
      };
    };
  };
}
