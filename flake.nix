# NixOS modules for the host of a Hydra and for images of builders: docs/nixos.md. It has no inputs: nixpkgs is that of
# whoever imports them.
{
  description = "EC2 builders that follow the queue of a Hydra server";

  outputs = _: {
    nixosModules = {
      hydra-host.imports = [ ./infra/hydra-host/host.nix ];
      hydra-host-hybrid.imports = [ ./infra/hydra-host/hybrid.nix ];
      builder.imports = [ ./infra/builders/builder.nix ];
    };
  };
}
