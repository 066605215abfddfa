# shellcheck shell=sh disable=SC2154
# The dead-man switch, run every minute. A machine that is idle and has heard nothing from the autoscaler for
# $dead_man_minutes powers itself off, which its launch template makes a termination.
#
# It hears (a) any Nix store session, the Hydra host's probes among them, or any step of hydra-builder's, and (b) a recent
# tick in the state table beside an entry which says that this very machine is wanted; it reads both itself. So idle
# machines that are kept on purpose stay, one that was given up or lost its tags goes, and the autoscaler owes nobody a call.
# If the table cannot be read, only (a) counts, and each try says so. A machine at work is never switched off, whatever is dead.
state=$root/run/hydra-autoscaler
# Seconds since boot: a clock that is set meanwhile cannot end a machine.
now=$(cut -d . -f 1 "$root/proc/uptime")
limit=$((dead_man_minutes * 60))

hear() {
  rm -f "$state/closed-to-go"
  printf '%s\n' "$now" >"$state/heard"
  exit 0
}

registers() { [ "$(cat "$state/serves" 2>/dev/null)" = rust ]; }

# How many steps hydra-builder says it has, `-` where it says nothing
# (docs/develop/facts.md#what-hydra-builder-says-of-its-steps).
count_steps() {
  said=$(systemctl show -p ActiveState -p StatusText hydra-builder.service) || said=
  case $said in
  *StatusText=Building\ [0-9]*) printf %s "$said" | sed -n 's/^StatusText=Building \([0-9]*\).*/\1/p' ;;
  *StatusText=Running* | *ActiveState=inactive* | *ActiveState=failed* | *ActiveState=activating*) echo 0 ;;
  *) echo - ;;
  esac
}

# Of a store session `v1 COUNT KEY` is printed; a count of `-` is unknown, which is not idle.
if registers; then sessions=$(count_steps); else sessions=$(sh "$state/ask-machine" | cut -d ' ' -f 2); fi
[ "$sessions" = 0 ] || hear

heard=$(cat "$state/heard" 2>/dev/null || echo 0)
silent=$((now - heard))
# No need to ask as long as the answer could change nothing.
[ "$silent" -ge $((limit / 3)) ] || exit 0

# Prints yes or no; nothing where that cannot be read.
read_wanted() {
  if ! instance=$(metadata instance-id); then
    echo 'hydra-autoscaler: the metadata service does not say which machine this is' >&2
    return
  fi
  entry=$(read_heard "machine#$instance") || return
  case $entry in *'"Item"'*) echo yes ;; *) echo no ;; esac
}

unread=
wanted=
answer=$(read_heard tick) || unread=', and the state table could not be read'
ticked=$(printf %s "$answer" | tr -d '\n' | sed -n 's/.*"at" *: *{ *"N" *: *"\([0-9]\{1,\}\).*/\1/p')
age=$silent
[ -z "$ticked" ] || age=$(($(date +%s) - ticked))
if [ "$age" -lt 0 ]; then age=0; fi
if [ "$age" -lt "$silent" ]; then
  wanted=$(read_wanted)
  case $wanted in
    yes)
      silent=$age
      printf '%s\n' "$((now - age))" >"$state/heard"
      ;;
    no) ;;
    *) unread=', and whether it is wanted could not be read' ;;
  esac
fi

[ "$silent" -ge "$limit" ] || {
  rm -f "$state/closed-to-go"
  exit 0
}
# It goes when it has been closed for a minute
# (measured: docs/develop/facts.md#a-builder-that-leaves-while-it-is-given-work-leaves-a-step-hanging).
if registers && [ ! -e "$state/closed-to-go" ]; then
  head -c 65536 /dev/zero >>"$root/run/hydra-drain/full" 2>/dev/null
  : >"$state/closed-to-go"
  exit 0
fi
if [ "$wanted" = no ]; then
  echo "hydra-builder: idle for $((silent / 60)) minutes, and the autoscaler does not want it any more; powering off"
else
  echo "hydra-builder: idle, and no word from the autoscaler for $((silent / 60)) minutes$unread; powering off"
fi
systemctl poweroff
