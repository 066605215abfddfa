# The queue runner builders register with, as far as ours meet it: part of nixpkgs' module from 26.11 on, and of Hydra's own
# flake a module of its own beside that of the web pages.
{ inFlake }:

{ config, lib, ... }:

let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };
  listener = port: {
    address = option types.singleLineStr "[::1]";
    port = option types.port port;
  };
  queueRunner = {
    grpc = listener 50051;
    rest = listener 8080;
    mtls = option (types.nullOr (types.attrsOf types.path)) null;
    settings = option (types.submodule {
      options = {
        maxUnsupportedTimeInS = option types.ints.unsigned 120;
        dispatchTriggerTimerInS = option types.int 120;
        remoteStoreAddr = option (types.listOf types.singleLineStr) [ ];
        tokenPaths = option (types.nullOr (types.listOf types.path)) null;
      };
    }) { };
  };
in
{
  options.services =
    if inFlake then
      { hydra-queue-runner-dev = queueRunner // { enable = option types.bool false; }; }
    else
      { hydra = { inherit queueRunner; }; };

  config = lib.mkIf (if inFlake then config.services.hydra-queue-runner-dev.enable else config.services.hydra.enable) {
    systemd.services.${if inFlake then "hydra-queue-runner-dev" else "hydra-queue-runner"}.description = "Hydra queue runner";
  };
}
