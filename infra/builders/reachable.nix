# What a machine's configuration must not say if the queue runner is to reach its user on it: assertions.
{ config, lib, user, port }:

let
  inherit (config.networking) firewall;
  ssh = config.services.openssh;
  sshd = ssh.settings;

  opens =
    { allowedTCPPorts ? [ ], allowedTCPPortRanges ? [ ], ... }:
    lib.elem port allowedTCPPorts || lib.any (range: range.from <= port && port <= range.to) allowedTCPPortRanges;
  # Rules somebody writes by hand may well let it in, so only what is known to shut it out counts.
  isOpen =
    !firewall.enable
    || ssh.openFirewall or true
    || opens firewall
    || lib.any opens (lib.attrValues (firewall.interfaces or { }))
    || lib.any (name: name != "lo") (firewall.trustedInterfaces or [ ])
    || (firewall.extraCommands or "") != ""
    || (firewall.extraInputRules or "") != "";

  # Patterns of names; NixOS before 24.05 takes them as text.
  names = value: if lib.isList value then value else lib.filter (name: name != "") (lib.splitString " " value);
  meansUser = pattern: lib.hasInfix "*" pattern || lib.head (lib.splitString "@" pattern) == user;
  allows = setting: (sshd.${setting} or null) != null -> lib.any meansUser (names sshd.${setting});
  denies = setting: (sshd.${setting} or null) != null && lib.any meansUser (names sshd.${setting});
in
[
  {
    assertion = ssh.enable;
    message = "services.openssh.enable is false, so the queue runner cannot reach this machine.";
  }
  {
    assertion = lib.elem port ssh.ports;
    message =
      "sshd does not listen on port ${toString port}. Add it to services.openssh.ports, or set sshPort here and in the "
      + "autoscaler's configuration.";
  }
  {
    assertion = user != "root" || !lib.elem (sshd.PermitRootLogin or "prohibit-password") [ "no" false ];
    message =
      "services.openssh.settings.PermitRootLogin keeps out the queue runner, which comes as root. "
      + "\"forced-commands-only\" lets it in and nobody else.";
  }
  {
    assertion = !lib.elem (sshd.PubkeyAuthentication or "yes") [ "no" false ];
    message = "services.openssh.settings.PubkeyAuthentication keeps out the queue runner, which comes with a key.";
  }
  {
    assertion = allows "AllowUsers" && allows "AllowGroups" && !denies "DenyUsers" && !denies "DenyGroups";
    message =
      "AllowUsers, AllowGroups, DenyUsers or DenyGroups in services.openssh.settings keeps out ${user}, and with it the "
      + "queue runner.";
  }
  {
    assertion = isOpen;
    message =
      "the firewall lets nobody reach port ${toString port}. Set services.openssh.openFirewall, or open it in "
      + "networking.firewall.";
  }
]
