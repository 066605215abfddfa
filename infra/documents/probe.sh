# shellcheck shell=sh disable=SC2154
# Reaches for a machine's Nix store as the queue runner would, with the machine's host key pinned.

# The hello of Nix's legacy serve protocol: client magic 0x390c9deb, version 0x205, as 64 bit little endian.
printf '\353\235\014\071\000\000\000\000\005\002\000\000\000\000\000\000' >"$work/hello"

# ssh writes a port that is not 22 beside the host in its list of known ones.
known_as() { if [ "$2" = 22 ]; then printf %s "$1"; else printf '[%s]:%s' "$1" "$2"; fi; }

# probe NUMBER ADDRESS PORT USER KEY HOST_KEY64: leaves what happened in $work/probe.NUMBER.*
probe() {
  number=$1
  address=$2
  port=$3
  login=$4
  key=$5
  printf '%s %s\n' "$(known_as "$address" "$port")" "$(decode "$6" | head -n 1)" >"$work/probe.$number.known"
  set -- -x -a -o BatchMode=yes -o ConnectTimeout=8 -o StrictHostKeyChecking=yes \
    -o "UserKnownHostsFile=$work/probe.$number.known" -o GlobalKnownHostsFile=/dev/null
  if [ "$port" != 22 ]; then set -- "$@" -p "$port"; fi
  if [ "$key" != - ]; then set -- "$@" -i "$key"; fi
  limited "$probe_seconds" ssh "$@" -l "$login" "$address" nix-store --serve --write \
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
