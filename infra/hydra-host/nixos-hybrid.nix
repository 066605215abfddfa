# Hydra on NixOS outside EC2: as on EC2, but the host has to be registered with SSM once. In the autoscaler's configuration
# `host.instanceId` is then the mi-… it is given, and `deploy.hydraSource` the address builders see it come from; it must
# reach their private addresses (VPN, Direct Connect or the like).
#
#   aws ssm create-activation --iam-role service-role/AmazonEC2RunCommandRoleForManagedInstances --registration-limit 1
#   printf 'code=…\nid=…\nregion=…\n' > /etc/hydra/ssm-activation && chmod 600 /etc/hydra/ssm-activation
{ config, ... }:

{
  imports = [ ./nixos-ec2.nix ];

  systemd.services.ssm-registration = {
    description = "Registers this host with AWS Systems Manager, once";
    wantedBy = [ "multi-user.target" ];
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    before = [ "amazon-ssm-agent.service" ];
    unitConfig = {
      ConditionPathExists = [ "/etc/hydra/ssm-activation" "!/var/lib/amazon/ssm/registration" ];
    };
    serviceConfig = {
      Type = "oneshot";
      EnvironmentFile = "/etc/hydra/ssm-activation";
    };
    script = ''
      ${config.services.amazon-ssm-agent.package}/bin/amazon-ssm-agent -register -y \
        -code "$code" -id "$id" -region "$region"
    '';
  };
}
