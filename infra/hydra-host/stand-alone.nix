# A whole Hydra on one NixOS machine on EC2: database, evaluator, queue runner, web pages, binary cache on S3, and the
# autoscaler's settings. The stack puts it there (deploy.hydraHost) beside settings.json, which it is told everything by.
# What is yours goes into /etc/nixos/configuration.nix, which imports this and is written only once.
{ config, lib, modulesPath, pkgs, ... }:

let
  settings = builtins.fromJSON (builtins.readFile ./settings.json);
  secrets = "/var/lib/hydra-host";
  cache = "s3://${settings.bucket}?region=${settings.region}";
in
{
  imports = [ "${modulesPath}/virtualisation/amazon-image.nix" ./nixos-ec2.nix ];

  services.hydra = {
    enable = true;
    hydraURL = settings.url;
    notificationSender = "hydra@localhost";
    # From outside it is reached through SSM or nginx only.
    listenHost = "127.0.0.1";
    minimumDiskFree = 10;
    minimumDiskFreeEvaluator = 5;
    # Only who uploads has to sign.
    extraConfig = ''
      store_uri = ${cache}&secret-key=${secrets}/signing-key&compression=zstd&write-nar-listing=1&ls-compression=br&log-compression=br
      server_store_uri = ${cache}
    '';
  };

  nix = {
    settings.allowed-uris = [ "github:" "gitlab:" "git+https:" "https:" ];
    # Outputs are in the cache; what evaluations and running builds need has roots.
    gc.automatic = true;
  };
  # Evaluating nixpkgs takes more memory than an affordable machine has.
  swapDevices = [ { device = "/var/swap"; size = 8192; } ];

  # Builds may have the network, but must not have the host's role.
  networking.firewall = {
    allowedTCPPorts = lib.optionals settings.web [ 80 443 ];
    extraCommands = ''
      iptables -N hydra-role 2>/dev/null || iptables -F hydra-role
      for user in root hydra-queue-runner hydra-www; do
        iptables -A hydra-role -m owner --uid-owner "$user" -j RETURN
      done
      iptables -A hydra-role -j REJECT
      iptables -C OUTPUT -d 169.254.169.254 -j hydra-role 2>/dev/null ||
        iptables -I OUTPUT -d 169.254.169.254 -j hydra-role
    '';
  };

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
  systemd.services.hydra-host-key = {
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
    script = builtins.readFile ../builders/aws-call.sh + builtins.readFile ./publish-key.sh;
  };
  systemd.timers.hydra-host-key = {
    wantedBy = [ "timers.target" ];
    timerConfig.OnUnitInactiveSec = 3600;
  };

  # Signed by itself: put a certificate of your own over the two files, or another virtual host beside this one.
  services.nginx = lib.mkIf settings.web {
    enable = true;
    recommendedProxySettings = true;
    recommendedTlsSettings = true;
    virtualHosts.hydra = {
      default = true;
      forceSSL = true;
      sslCertificate = "${secrets}/web.crt";
      sslCertificateKey = "${secrets}/web.key";
      locations."/".proxyPass = "http://127.0.0.1:${toString config.services.hydra.port}";
    };
  };
}
