# shellcheck shell=sh disable=SC2154
# What the queue runner, which find_runner has found, may read.

# as_runner TEST: whether it holds for the queue runner; fails with more than 1 where that cannot be tried.
as_runner() {
  [ -n "$runner_user" ] || return 2
  as_user "$runner_user" 5 env "PATH=$PATH" test "$@" >/dev/null 2>&1 </dev/null
}

# access PATH: whether the queue runner may read a file, or look into a directory, as it sees them.
access() {
  if [ ! -e "$view$1" ]; then
    printf missing
    return
  fi
  kind=-r
  if [ -d "$view$1" ]; then kind=-x; fi
  as_runner -d "$view/"
  can_try=$?
  as_runner "$kind" "$view$1"
  case $can_try$? in
  00) printf readable ;;
  01) printf unreadable ;;
  *) printf unknown ;;
  esac
}
