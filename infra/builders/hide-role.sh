# shellcheck shell=sh disable=SC2154
# Builds may have the network, but must not have the machine's role: packets to EC2's metadata service pass only from the
# users named. Changes nothing where that is so already, so it may run as often as one likes.
# hide_role USER...: run by anybody but root it only tries whether that is so for that user.
hide_role() {
  if [ "$(id -u)" != 0 ]; then
    gets_no_answer 169.254.169.254 && gets_no_answer '[fd00:ec2::254]'
    return
  fi
  refuse_others iptables 169.254.169.254 "$@" || return 1
  # Without IPv6 in the kernel there is no such address, and ip6tables fails.
  [ ! -e "$root/proc/net/if_inet6" ] || refuse_others ip6tables fd00:ec2::254 "$@"
}

# refuse_others PROGRAM ADDRESS USER...: the chain is whole before anything leads to it.
refuse_others() {
  filter=$1
  address=$2
  shift 2
  ! "$filter" -w -C OUTPUT -d "$address" -j hydra-role 2>/dev/null || return 0
  "$filter" -w -N hydra-role 2>/dev/null || "$filter" -w -F hydra-role || return 1
  for user; do
    "$filter" -w -A hydra-role -m owner --uid-owner "$user" -j RETURN || return 1
  done
  "$filter" -w -A hydra-role -j REJECT && "$filter" -w -I OUTPUT -d "$address" -j hydra-role
}

# gets_no_answer ADDRESS: curl says so for a refusal, for no way there and for silence, and something else for an answer.
gets_no_answer() {
  curl -g -s -m 3 -o /dev/null "http://$1/"
  case $? in 7 | 28) ;; *) return 1 ;; esac
}
