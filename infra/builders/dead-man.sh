# shellcheck shell=sh disable=SC2154
# The dead-man switch, run every minute. A machine that is idle and has heard nothing from the autoscaler for
# $dead_man_minutes powers itself off, which its launch template makes a termination.
#
# Heard is (a) any Nix store session, the Hydra host's probes among them, and (b) a recent tick in the state table, which
# the machine reads itself: so idle machines that are kept on purpose stay, and the autoscaler owes nobody a call.
# Where the table cannot be read, only (a) counts, and each try says so. A machine at work is never switched off, whoever is dead.
state=$root/run/hydra-builder
# Seconds since boot: a clock that is set meanwhile cannot end a machine.
now=$(cut -d . -f 1 "$root/proc/uptime")
limit=$((dead_man_minutes * 60))

hear() {
  printf '%s\n' "$now" >"$state/heard"
  exit 0
}

# Prints `v1 COUNT KEY`; a count of `-` is unknown, which is not idle.
sessions=$(sh "$state/ask-machine" | cut -d ' ' -f 2)
[ "$sessions" = 0 ] || hear

heard=$(cat "$state/heard" 2>/dev/null || echo 0)
silent=$((now - heard))
# No need to ask as long as the answer could change nothing.
[ "$silent" -ge $((limit / 3)) ] || exit 0

unread=
answer=$(aws_call dynamodb DynamoDB_20120810.GetItem \
  '{"TableName":"'"$state_table"'","Key":{"pk":{"S":"'"$farm"'"},"sk":{"S":"'"$farm_key"'"}},"ProjectionExpression":"lastTickAt"}') ||
  unread=', and when the last tick was could not be read'
ticked=$(printf %s "$answer" | json_string N | cut -d . -f 1)
case $ticked in
'' | *[!0-9]*) ;;
*)
  age=$(($(date +%s) - ticked))
  if [ "$age" -lt 0 ]; then age=0; fi
  if [ "$age" -lt "$silent" ]; then
    silent=$age
    printf '%s\n' "$((now - age))" >"$state/heard"
  fi
  ;;
esac

[ "$silent" -ge "$limit" ] || exit 0
echo "hydra-builder: idle, and no word from the autoscaler for $((silent / 60)) minutes$unread; powering off"
systemctl poweroff
