# Hydra's module as far as ours meet it: with the queue runner that reads machines files in nixpkgs up to 26.05 (`hydra`) and
# in Hydra's own flake (`hydra-dev`), or with the one builders register with, which leaves the option as a removed one.
{ name, readsFiles }:

{ config, lib, ... }:

let
  inherit (lib) mkOption types;
  cfg = config.services.${name};
  option = type: default: mkOption { inherit type default; };
  environment = { NIX_REMOTE = "daemon"; NIX_REMOTE_SYSTEMS = lib.concatStringsSep ":" cfg.buildMachinesFiles; } // cfg.extraEnv;
in
{
  options.services.${name} = {
    enable = option types.bool false;
    hydraURL = mkOption { type = types.str; };
    notificationSender = mkOption { type = types.str; };
    listenHost = option types.str "*";
    port = option types.port 3000;
    minimumDiskFree = option types.int 0;
    minimumDiskFreeEvaluator = option types.int 0;
    useSubstitutes = option types.bool false;
    extraConfig = mkOption { type = types.lines; };
    extraEnv = option (types.attrsOf types.str) { };
    buildMachinesFiles =
      if readsFiles then
        option (types.listOf types.path) (lib.optional (config.nix.buildMachines != [ ]) "/etc/nix/machines")
      else
        mkOption { visible = false; type = types.unspecified; apply = _: throw "buildMachinesFiles was removed"; };
  };

  config = lib.mkIf cfg.enable {
    services.${name}.extraConfig = "base_uri = ${cfg.hydraURL}\n";
    systemd.services.hydra-queue-runner.environment = if readsFiles then environment else { };
    systemd.services.hydra-server.environment = if readsFiles then environment else { };
  };
}
