# nixpkgs' service for builders that register, which it has from 26.11 on, as far as ours meets it.
{ config, lib, ... }:

let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };
in
{
  options.services.hydra-builder = {
    enable = option types.bool false;
    queueRunnerAddr = mkOption { type = types.singleLineStr; };
    authorizationFile = option (types.nullOr types.path) null;
    mtls = option (types.nullOr (types.attrsOf types.path)) null;
    settings = option (types.submodule {
      options = {
        pingInterval = option types.int 10;
        maxJobs = option types.int 4;
        speedFactor = option (types.oneOf [ types.int types.float ]) 1;
        systems = option (types.nullOr (types.listOf types.singleLineStr)) null;
        supportedFeatures = option (types.nullOr (types.listOf types.singleLineStr)) null;
        mandatoryFeatures = option (types.listOf types.singleLineStr) [ ];
        useSubstitutes = option types.bool true;
      };
    }) { };
  };

  config = lib.mkIf config.services.hydra-builder.enable {
    systemd.services.hydra-builder = {
      wantedBy = [ "multi-user.target" ];
      environment.NIX_REMOTE = "daemon";
      serviceConfig = { Type = "notify"; User = "hydra-builder"; RuntimeDirectory = "hydra-builder"; };
    };
    nix.settings.trusted-users = [ "hydra-builder" ];
  };
}
