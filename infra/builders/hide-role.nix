# The unit that keeps a machine's role from builds, whatever firewall the machine has or has not: a part of `systemd`.
{ pkgs, users, requiredBy ? [ ] }:

let
  # Both take rules away when they start, and may when they read theirs again.
  firewalls = [ "firewall.service" "nftables.service" ];
in
{
  services.hydra-hide-role = {
    description = "Keeps the machine's role from builds";
    wantedBy = [ "multi-user.target" ] ++ firewalls;
    after = firewalls;
    inherit requiredBy;
    before = requiredBy;
    path = [ pkgs.iptables ];
    # It does not stay active: then each start of what requires it runs it again, and none of that is ever stopped with it.
    serviceConfig.Type = "oneshot";
    script = "root=\n" + builtins.readFile ./hide-role.sh + "hide_role ${toString users}\n";
  };
  timers.hydra-hide-role = {
    wantedBy = [ "timers.target" ];
    timerConfig = {
      OnUnitInactiveSec = 60;
      AccuracySec = 10;
    };
  };
}
