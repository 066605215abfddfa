# shellcheck shell=sh
# Time limits. macOS has no timeout, and the one of an old busybox takes other arguments.
timeout_works=no
if timeout -k 1 5 true 2>/dev/null; then timeout_works=yes; fi

# limited SECONDS COMMAND...: ends with 124, 137 or 143 when the time is up.
limited() {
  seconds=$1
  shift
  if [ "$timeout_works" = yes ]; then
    timeout -k 1 "$seconds" "$@"
    return
  fi
  # A background command would read from /dev/null.
  exec 3<&0
  "$@" <&3 3<&- &
  child=$!
  exec 3<&-
  {
    sleep "$seconds"
    kill "$child"
    sleep 1
    kill -9 "$child"
  } >/dev/null 2>&1 </dev/null &
  watchdog=$!
  wait "$child"
  set -- "$?"
  kill "$watchdog" 2>/dev/null
  return "$1"
}
