# Hydra on NixOS outside EC2: as on EC2, but the host has to be registered with SSM once. In the autoscaler's configuration
# `host.instanceId` is then the mi-… it is given, and `deploy.hydraSource` the address builders see it come from; it must
# reach their private addresses (VPN, Direct Connect or the like).
#
# Once, wherever the aws program has your rights; the last command prints id and code, which are good for a day:
#
#   aws iam create-role --role-name hydra-host-ssm --assume-role-policy-document \
#     '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
#   aws iam attach-role-policy --role-name hydra-host-ssm --policy-arn arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore
#   aws ssm create-activation --region REGION --iam-role hydra-host-ssm --registration-limit 1 --default-instance-name hydra
#
# Then on this host, as root, before the configuration is applied:
#
#   mkdir -p /etc/hydra && (umask 077 && printf 'code=CODE\nid=ID\nregion=REGION\n' > /etc/hydra/ssm-activation)
#
# With the Rust queue runner builders register at an address they must reach, and tokens are files of yours: outside EC2 a
# host has no role to read a secret with (services.hydra.queueRunner.settings.tokenPaths).
#
# The mi-… is shown by: aws ssm describe-instance-information --region REGION --filters Key=ResourceType,Values=ManagedInstance
{ config, lib, ... }:

let
  cfg = config.services.hydra-autoscaler.host;
in
{
  imports = [ ./host.nix ];

  options.services.hydra-autoscaler.host.activationFile = lib.mkOption {
    type = lib.types.path;
    default = "/etc/hydra/ssm-activation";
    description = "File with what `aws ssm create-activation` has printed, as lines `code=…`, `id=…` and `region=…`. Read once, when the host registers with SSM.";
  };

  config = lib.mkIf cfg.enable {
    systemd.services.ssm-registration = {
      description = "Registers this host with AWS Systems Manager, once";
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      before = [ "amazon-ssm-agent.service" ];
      unitConfig = {
        ConditionPathExists = [ cfg.activationFile "!/var/lib/amazon/ssm/registration" ];
      };
      serviceConfig = {
        Type = "oneshot";
        EnvironmentFile = cfg.activationFile;
      };
      script = ''
        ${config.services.amazon-ssm-agent.package}/bin/amazon-ssm-agent -register -y \
          -code "$code" -id "$id" -region "$region"
      '';
    };
  };
}
