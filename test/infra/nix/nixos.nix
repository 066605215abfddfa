# The options of NixOS that our modules set or read, with their types and defaults there.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };
  text = option types.lines "";
  names = option (types.listOf types.str) [ ];
  switch = default: option types.bool default;
  unitSettings = option (types.attrsOf types.anything) { };
  atom = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path types.package ]);

  unit = {
    description = option types.singleLineStr "";
    wantedBy = names;
    requiredBy = names;
    wants = names;
    requires = names;
    after = names;
    before = names;
    partOf = names;
    unitConfig = unitSettings;
  };
  service.options = unit // {
    environment = option (types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ]))) { };
    path = option (types.listOf (types.oneOf [ types.package types.str ])) [ ];
    restartTriggers = option (types.listOf types.unspecified) [ ];
    serviceConfig = unitSettings;
    script = text;
  };
  timer.options = unit // { timerConfig = unitSettings; };
in
{
  options = {
    assertions = option (types.listOf types.unspecified) [ ];
    boot.kernel.sysctl = option (types.attrsOf types.anything) { };
    warnings = names;
    environment.etc = option (types.attrsOf (types.submodule { options.source = mkOption { type = types.path; }; })) { };
    environment.systemPackages = option (types.listOf types.package) [ ];
    networking.nftables.enable = switch false;
    networking.firewall = {
      enable = switch true;
      allowedTCPPorts = option (types.listOf types.port) [ ];
      allowedTCPPortRanges = option (types.listOf (types.attrsOf types.port)) [ ];
      interfaces = option (types.attrsOf types.anything) { };
      trustedInterfaces = names;
      extraCommands = text;
      extraInputRules = text;
    };
    nix = {
      package = option types.package pkgs.nix;
      buildMachines = option (types.listOf (types.attrsOf types.anything)) [ ];
      gc.automatic = switch false;
      settings = option (types.submodule {
        freeformType = types.attrsOf (types.either atom (types.listOf atom));
        options = {
          max-jobs = option (types.either types.int (types.enum [ "auto" ])) "auto";
          system-features = mkOption { type = types.listOf types.str; };
        };
      }) { };
    };
    security.acme = {
      acceptTerms = switch false;
      defaults.email = mkOption { type = types.str; };
    };
    services = {
      amazon-ssm-agent.enable = switch false;
      amazon-ssm-agent.package = option types.package pkgs.amazon-ssm-agent;
      openssh = {
        enable = switch false;
        openFirewall = switch true;
        ports = option (types.listOf types.port) [ 22 ];
        settings = option (types.submodule {
          freeformType = types.attrsOf (types.nullOr (types.oneOf [ types.bool types.int types.str (types.listOf types.str) ]));
          options.PermitRootLogin = option (types.enum [ "yes" "without-password" "prohibit-password" "forced-commands-only" "no" ]) "prohibit-password";
        }) { };
      };
      nginx = {
        enable = switch false;
        recommendedProxySettings = switch false;
        recommendedTlsSettings = switch false;
        virtualHosts = option (types.attrsOf (types.submodule {
          options = {
            serverName = option (types.nullOr types.str) null;
            default = switch false;
            forceSSL = switch false;
            enableACME = switch false;
            sslCertificate = mkOption { type = types.path; };
            sslCertificateKey = mkOption { type = types.path; };
            locations = option (types.attrsOf (types.submodule { options.proxyPass = option (types.nullOr types.str) null; })) { };
          };
        })) { };
      };
    };
    swapDevices = option (types.listOf (types.submodule {
      options.device = mkOption { type = types.str; };
      options.size = option (types.nullOr types.int) null;
    })) [ ];
    system.stateVersion = mkOption { type = types.str; };
    systemd.package = option types.package pkgs.systemd;
    systemd.services = option (types.attrsOf (types.submodule service)) { };
    systemd.timers = option (types.attrsOf (types.submodule timer)) { };
    systemd.tmpfiles.rules = names;
    users.groups = option (types.attrsOf types.anything) { };
    users.users = option (types.attrsOf (types.submodule {
      freeformType = types.attrsOf types.anything;
      options.openssh.authorizedKeys.keys = option (types.listOf types.singleLineStr) [ ];
    })) { };
  };

  config = {
    environment.etc."nix/nix.conf".source = "/nix/store/nix.conf";
    networking.firewall.trustedInterfaces = [ "lo" ];
    nix.settings = {
      trusted-users = [ "root" ];
      system-features = lib.mkDefault [ "nixos-test" "benchmark" "big-parallel" "kvm" ];
    };
    networking.firewall.allowedTCPPorts = lib.mkIf (config.services.openssh.enable && config.services.openssh.openFirewall) config.services.openssh.ports;
    assertions = [
      {
        assertion = !config.networking.nftables.enable || config.networking.firewall.extraCommands == "";
        message = "extraCommands is incompatible with the nftables based firewall.";
      }
    ];
  };
}
