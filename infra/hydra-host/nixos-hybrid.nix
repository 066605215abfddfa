# The Hydra host outside EC2 (hybrid.nix) for a configuration that imports this file.
{
  imports = [ ./hybrid.nix ./nixos-ec2.nix ];
}
