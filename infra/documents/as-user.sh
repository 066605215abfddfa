# shellcheck shell=sh disable=SC2154
# Runs a program as another user, by whatever this host has for that, and within a time limit.
me=$(id -un 2>/dev/null || printf root)

home_of() { getent passwd "$1" 2>/dev/null | cut -d : -f 6; }

# as_user OWNER SECONDS PROGRAM...: OWNER is a name, or a number that has no name here, as a container’s users have.
as_user() {
  owner=$1
  time_limit=$2
  shift 2
  if [ "$owner" = "$me" ]; then
    :
  elif [ -z "${owner##[0-9]*}" ]; then
    set -- setpriv --reuid "$owner" --regid "$owner" --clear-groups "$@"
  elif has runuser; then
    set -- runuser -u "$owner" -- "$@"
  elif has setpriv; then
    set -- setpriv --reuid "$(id -u "$owner")" --regid "$(id -g "$owner")" --init-groups "$@"
  elif has sudo; then
    set -- sudo -n -u "$owner" -- "$@"
  else
    # shellcheck disable=SC2016
    set -- su "$owner" -s /bin/sh -c 'exec "$0" "$@"' -- "$@"
  fi
  limited "$time_limit" "$@"
}
