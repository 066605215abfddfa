# shellcheck shell=sh disable=SC2154,SC2034
# Reaches for a machine's Nix store as the queue runner would: its user, its key, its ssh configuration, in its container
# if it has one. Only the machine's host key is pinned more strictly.

# The hello of Nix's legacy serve protocol: client magic 0x390c9deb, version 0x205, as 64 bit little endian.
printf '\353\235\014\071\000\000\000\000\005\002\000\000\000\000\000\000' >"$work/hello"

# Where the queue runner can read the host keys, here and as it sees it.
known_hosts=$work
known_hosts_there=$work

prepare_probes() {
  find_runner
  if [ "$source" = none ]; then runner_user=${status_user:-$me}; fi
  if [ -n "$view" ] && has nsenter && known_hosts=$(mktemp -d "$view/tmp/hydra-autoscaler.XXXXXX"); then
    lent=$known_hosts
    known_hosts_there=${known_hosts#"$view"}
  elif [ -n "$view" ]; then
    # From outside a container it is root's own ssh that can be tried.
    view=
    runner_user=$me
    : >"$work/environ"
    known_hosts=$work
  fi
  chmod 0711 "$known_hosts"
}

# ssh writes a port that is not 22 beside the host in its list of known ones.
known_as() { if [ "$2" = 22 ]; then printf %s "$1"; else printf '[%s]:%s' "$1" "$2"; fi; }

# What ssh could take for an option, or a configuration for a command, is no address and no user.
is_plain() {
  case "$1 $2 $3" in
  *[!A-Za-z0-9.:_\ -]* | -* | *' '-* | *' '*' '*[!0-9]*) return 1 ;;
  esac
}

# probe NUMBER ADDRESS PORT USER KEY HOST_KEY64: leaves what happened in $work/probe.NUMBER.*
probe() {
  number=$1
  address=$2
  port=$3
  login=$4
  key=$5
  known=probe.$number.known
  : >"$work/probe.$number.out"
  if ! is_plain "$address" "$login" "$port"; then
    printf 'no address, user or port\n' >"$work/probe.$number.err"
    printf '255\n' >"$work/probe.$number.exit"
    return
  fi
  printf '%s %s\n' "$(known_as "$address" "$port")" "$(decode "$6" | head -n 1)" >"$known_hosts/$known"
  chmod 0644 "$known_hosts/$known"
  set -- -x -a -o BatchMode=yes -o ConnectTimeout=8 -o StrictHostKeyChecking=yes \
    -o "UserKnownHostsFile=$known_hosts_there/$known" -o GlobalKnownHostsFile=/dev/null
  # Words, as Nix splits them.
  set -f
  # shellcheck disable=SC2046
  set -- "$@" $(variable NIX_SSHOPTS)
  if [ "$port" != 22 ]; then set -- "$@" -p "$port"; fi
  if [ "$key" != - ]; then set -- "$@" -i "$key"; fi
  as_queue_runner "$probe_seconds" ssh "$@" -l "$login" "$address" nix-store --serve --write \
    <"$work/hello" >"$work/probe.$number.out" 2>"$work/probe.$number.err"
  printf '%s\n' "$?" >"$work/probe.$number.exit"
}

# probe_result NUMBER: `reached` only if the answer begins with the server magic 0x5452eecb.
probe_result() {
  if [ "$(od -An -tx1 -N4 "$work/probe.$1.out" | tr -d ' \n')" = cbee5254 ]; then
    printf 'reached\n'
    return
  fi
  case $(cat "$work/probe.$1.exit") in
  124 | 137 | 143) detail="no answer within $probe_seconds s" ;;
  *) detail=$(tail -n 1 "$work/probe.$1.err" | tr -cd '[:print:]' | cut -c 1-200) ;;
  esac
  printf 'failed %s\n' "${detail:-something answered that is not a Nix store}"
}
