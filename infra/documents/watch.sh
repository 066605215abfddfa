# shellcheck shell=sh disable=SC2154
# Waits for what would change the plan, and ends well as soon as it is there: that SSM tells so wakes the next tick, which
# looks for itself. Nothing is decided or changed here.

# The C++ queue runner is asked for its status, which it has in memory; of the Rust one the queue is not asked.
look() {
  rm -f "$work/status" "$work/rest"
  if [ "$runner" = rust ]; then
    ask_rest /status rest && found "$work/rest"
  else
    run_status
    has_status && found "$work/status"
  fi
}

ends=$(($(date +%s) + lasts))
event=
why='another watch has taken its place'
sleep "$delay"
while [ -z "$event" ] && has_turn; do
  begun=$(date +%s)
  event=$(look)
  if [ -z "$event" ]; then event=$(evaluating); fi
  now=$(date +%s)
  pause=$((pause_seconds + pauses_a_second * (now - begun)))
  if [ -n "$event" ]; then
    :
  elif [ "$((now + pause))" -lt "$ends" ]; then
    sleep "$pause"
  else
    why='nothing has happened'
    break
  fi
done
[ -n "$event" ] || fail 75 "$why"
printf 'hydra-autoscaler 1 watch\n%s\n' "$event"
