# shellcheck shell=sh disable=SC2154
# One watch at a time: the latest has its turn and its process in a file that nobody else can write, and all others end.
# Leaves a working directory in $work.
watches=$root/var/cache/hydra-autoscaler
mark=$watches/watch-$(printf %s "$farm64" | tr '+/=' '-_.')
# No watch lives as long: what says so is of a farm whose turns have begun anew.
stale_minutes=70

# take_turn: fails where a later one has had its turn. Without a place to note it each goes on by itself, as long as it may.
take_turn() {
  mkdir -p "$watches" 2>/dev/null
  if [ -z "$(find "$watches" -prune -type d -user "$(id -u)" ! -perm -020 ! -perm -002 2>/dev/null)" ]; then
    mark=
    return
  fi
  find "$mark" -mmin "+$stale_minutes" -exec rm -f {} + 2>/dev/null
  last=0
  if [ -f "$mark" ]; then read -r last other <"$mark"; fi
  case $last in '' | *[!0-9]*) last=0 ;; esac
  [ "$turn" -ge "$last" ] || return
  printf '%s %s\n' "$turn" "$$" >"$mark.$$" && mv -f "$mark.$$" "$mark"
}

# has_turn
has_turn() {
  if [ -z "$mark" ]; then return; fi
  other=
  read -r last other <"$mark" 2>/dev/null
  [ "$other" = "$$" ]
}

# make_work: where the one before had its own, which is gone then. One that is cancelled is killed, and clears nothing away.
make_work() {
  if [ -n "$mark" ]; then
    rm -rf "$mark".work.*
    work=$mark.work.$$
    mkdir "$work"
  else
    work=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX")
  fi
}

take_turn || fail 75 'a later watch is there'
make_work || fail 73 'cannot write on this host'
trap 'rm -rf "$work"' EXIT
trap 'exit 75' HUP INT TERM

decode "$status_command64" >"$work/command"
decode "$environment64" >"$work/environment"
decode '{{ watched }}' >"$work/watched" || fail 64 'watched is not base64'
