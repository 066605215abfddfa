# shellcheck shell=sh disable=SC2034,SC2154
# A user other than root, a port other than 22: only machines of types that ask for one are told this.

# What the queue runner sends is not signed: Nix takes it from root and from users it is told to trust, once it has read that.
make_user() {
  id -u "$ssh_user" >/dev/null 2>&1 || useradd --system --user-group --create-home --shell /bin/sh "$ssh_user" || return 1
  home=$(getent passwd "$ssh_user" | cut -d : -f 6)
  [ -n "$home" ] && systemctl try-restart nix-daemon.service
}

# The image's sshd and firewall know port 22 only.
lead_port_to_sshd() {
  set -- PREROUTING -t nat -p tcp --dport "$ssh_port" -j REDIRECT --to-ports 22
  iptables -C "$@" 2>/dev/null || iptables -I "$@"
}

prepare_login() {
  [ "$ssh_user" = root ] || make_user || refuse_builds "the user $ssh_user could not be made"
  [ "$ssh_port" = 22 ] || lead_port_to_sshd || refuse_builds "nobody can be let in at port $ssh_port: iptables failed"
}
