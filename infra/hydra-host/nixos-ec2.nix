# Hydra on NixOS on EC2. Import it into the host's configuration; apply it in a quiet moment, as it restarts the queue
# runner once and that aborts running builds. The instance profile needs the policy AmazonSSMManagedInstanceCore, and the
# host's security group is `deploy.hydraSource` of the autoscaler's configuration.
{ config, lib, pkgs, ... }:

let
  key = "/var/lib/hydra/queue-runner/.ssh/id_ed25519";
  # What Hydra reads by itself as long as no file is named, and then the host itself builds only if it is listed there.
  hasBuildMachines = config.nix.buildMachines != [ ];
  systems =
    if pkgs.stdenv.hostPlatform.isAarch64 then "aarch64-linux,builtin" else "x86_64-linux,i686-linux,builtin";
in
{
  services.hydra = {
    # The static machines stay in their own files, which the autoscaler never touches.
    buildMachinesFiles = lib.optional hasBuildMachines "/etc/nix/machines" ++ [
      "/etc/hydra/static-machines"
      "/var/lib/hydra/provisioner/machines"
    ];
    # Builders fetch from their substituters what they can, instead of having it all sent from here.
    useSubstitutes = true;
    # Steps wait for machines that are still to be launched, even if our file should be missing for a while.
    extraConfig = ''
      max_unsupported_time = 86400
    '';
  };

  # As soon as any file is named, the host itself builds only if it is listed: a host that built by itself goes on.
  environment.etc."hydra/static-machines".text = lib.mkDefault (
    lib.optionalString (!hasBuildMachines) ''
      localhost ${systems} - 2 1 benchmark,big-parallel,nixos-test - -
    ''
  );

  # Written by root over SSM, read by the queue runner.
  systemd.tmpfiles.rules = [ "d /var/lib/hydra/provisioner 0755 root root -" ];

  # Already on in NixOS's own images.
  services.amazon-ssm-agent.enable = true;
  # The status is cut down to what is used before it is sent; without jq, Nix does it, more slowly.
  environment.systemPackages = [ pkgs.jq ];

  # The public half goes into `deploy.queueRunnerKey`: cat /var/lib/hydra/queue-runner/.ssh/id_ed25519.pub
  systemd.services.hydra-queue-runner-key = {
    description = "Key the queue runner reaches builders with";
    wantedBy = [ "multi-user.target" ];
    before = [ "hydra-queue-runner.service" ];
    after = [ "hydra-init.service" ];
    unitConfig.ConditionPathExists = "!${key}";
    serviceConfig = {
      Type = "oneshot";
      User = "hydra-queue-runner";
      UMask = "0077";
    };
    script = ''
      mkdir -p "$(dirname ${key})"
      ${pkgs.openssh}/bin/ssh-keygen -q -t ed25519 -N "" -C hydra-queue-runner -f ${key}
    '';
  };
}
