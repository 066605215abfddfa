# Which Hydra this NixOS has: that of nixpkgs (services.hydra) or that of Hydra's own flake (services.hydra-dev), and which
# queue runner: the C++ one, which reads machines files, or the Rust one, with which builders register.
{ config, lib, options }:

let
  known = [ "hydra" "hydra-dev" ];
  enabled = lib.filter (name: config.services.${name}.enable or false) known;
  # An option that was removed is still there, but hidden.
  readsFiles = name: (options.services.${name}.buildMachinesFiles or { visible = false; }).visible or true;
in
rec {
  isThere = enabled != [ ];
  # Of the Hydra that is enabled.
  name = lib.head enabled;
  hydra = config.services.${name};

  # Both by options alone, so that `config` may be made of them.
  namesOfAll = lib.filter (name: options.services ? ${name}) known;
  namesOfReaders = lib.filter readsFiles known;

  isFollowed = isThere && readsFiles name;

  inNixpkgs = (options.services.hydra or { }) ? queueRunner;
  inFlake = options.services ? hydra-queue-runner-dev;
  # The flake's comes beside a Hydra of nixpkgs, or without one.
  usesFlake = inFlake && config.services.hydra-queue-runner-dev.enable;
  registers = usesFlake || inNixpkgs && config.services.hydra.enable;
}
