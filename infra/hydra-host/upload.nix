# Copies outputs of some jobs to a binary cache, when Hydra has built them: by its RunCommand plugin, with upload-outputs.sh.
# To copy all that builders build, let them do it: `deploy.builder.upload` in the autoscaler's configuration.
{ config, lib, options, pkgs, ... }:

let
  cfg = config.services.hydra-autoscaler.host;
  which = import ./which.nix { inherit config lib options; };
  inherit (lib) mkOption types;

  isCachix = upload: lib.hasPrefix "cachix:" upload.to;
  isComplete = upload: upload.secret != null || isCachix upload && upload.signingKey != null;
  secretOf = upload: if upload.secret == null then "-" else upload.secret;
  block = upload: ''
    <runcommand>
      job = ${upload.jobs}
      command = ${pkgs.runtimeShell} ${./upload-outputs.sh} ${lib.escapeShellArg upload.to} ${secretOf upload} ${toString upload.signingKey}
    </runcommand>
  '';
in
{
  options.services.hydra-autoscaler.host.upload = mkOption {
    type = types.listOf (
      types.submodule {
        options = {
          jobs = mkOption {
            type = types.singleLineStr;
            default = "*:*:*";
            example = "nixpkgs:trunk:*";
            description = "Which jobs, as PROJECT:JOBSET:JOB; each may be `*`.";
          };
          to = mkOption {
            type = types.singleLineStr;
            example = "s3://my-cache?region=eu-central-1";
            description = "An s3:// address, or cachix: and the name of a cache.";
          };
          secret = mkOption {
            type = types.nullOr types.singleLineStr;
            default = null;
            example = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:cache-signing-key-AbCdEf";
            description = "ARN of the secret or parameter with the signing key (S3) or the token (Cachix), as plain text. The host's role has to be allowed to read it, and on S3 to write.";
          };
          signingKey = mkOption {
            type = types.nullOr types.singleLineStr;
            default = null;
            description = "The same for the signing key of a Cachix cache that has one of its own, beside the token or instead of it.";
          };
        };
      }
    );
    default = [ ];
    description = "Binary caches to copy outputs of some jobs to, after each build; all outputs are better copied by the builders themselves (`deploy.builder.upload`).";
  };

  config = lib.mkIf (cfg.enable && cfg.upload != [ ]) {
    assertions = [
      {
        assertion = lib.all (upload: lib.hasPrefix "s3://" upload.to || isCachix upload) cfg.upload;
        message = "services.hydra-autoscaler.host.upload: `to` is an s3:// address, or cachix: and the name of a cache.";
      }
      {
        assertion = lib.all isComplete cfg.upload;
        message = "services.hydra-autoscaler.host.upload: `secret` is needed, or for a Cachix cache with a key of its own `signingKey`.";
      }
    ];

    services = lib.genAttrs which.namesOfAll (_: {
      extraConfig = lib.concatMapStrings block cfg.upload;
    });

    systemd.services.hydra-notify.path =
      [ pkgs.awscli2 pkgs.jq config.nix.package ] ++ lib.optional (lib.any isCachix cfg.upload) pkgs.cachix;
  };
}
