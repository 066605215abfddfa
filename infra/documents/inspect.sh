# shellcheck shell=sh disable=SC2154
# What surrounds the queue runner on the Hydra host, for people who ask why nothing happens. Changes nothing.
file=$(decode "$machines_file64")
tmp=${TMPDIR:-/tmp}
files_max=20

work=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX") || fail 73 "cannot write in $tmp"
trap 'rm -rf "$work"' EXIT
trap 'exit 75' HUP INT TERM
decode "$ssh_keys64" >"$work/keys"

# yes_no COMMAND...
yes_no() { if "$@"; then printf yes; else printf no; fi; }

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

# is_ours PATH: the same file as ours, whatever each side calls it; before it is there, the same name in the same directory.
is_ours() {
  if [ -z "$view" ] && [ "$1" = "$file" ]; then return; fi
  if [ -e "$view$1" ] && [ -e "$file" ]; then
    [ "$(inode "$view$1")" = "$(inode "$file")" ]
  else
    [ "${1##*/}" = "${file##*/}" ] && [ -d "$view${1%/*}/" ] && [ "$(inode "$view${1%/*}/")" = "$(inode "${file%/*}/")" ]
  fi
}

# machines_in PATH: lines that are neither empty nor comments; `-` where there is no such file.
machines_in() {
  if [ -r "$view$1" ]; then grep -c -v -E '^[[:space:]]*(#|$)' "$view$1"; else printf -; fi
}

print_files() {
  listed=$(variable NIX_REMOTE_SYSTEMS)
  printf 'named %s\n' "$(yes_no [ -n "$listed" ])"
  printf '%s\n' "${listed:-/etc/nix/machines}" | tr ':' '\n' | head -n "$files_max" >"$work/files"
  while IFS= read -r path || [ -n "$path" ]; do
    [ -n "$path" ] || continue
    printf 'reads %s %s %s\n' "$(yes_no is_ours "$path")" "$(machines_in "$path")" "$(printf %s "$path" | encode)"
  done <"$work/files"
}

print_directory() {
  directory=${file%/*}/
  state=missing
  free=-
  if [ -d "$directory" ]; then
    state=read-only
    if [ -w "$directory" ]; then state=writable; fi
    free=$(df -P -k "$directory" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
  fi
  printf 'directory %s %s %s\n' "$state" "$(directory_access)" "${free:--}"
}

# In a container the directory has the place its files have there.
directory_access() {
  ours=$file
  while IFS= read -r path || [ -n "$path" ]; do
    if [ -n "$path" ] && is_ours "$path"; then ours=$path; fi
  done <"$work/files"
  access "${ours%/*}/"
}

print_keys() {
  home=$(variable HOME)
  home=${home:-$(home_of "$runner_user")}
  while IFS= read -r key || [ -n "$key" ]; do
    printf 'key %s %s\n' "$(access "$key")" "$(printf %s "$key" | encode)"
  done <"$work/keys"
  for name in id_ed25519 id_ecdsa id_rsa; do
    if [ "$(access "${home:-/nonexistent}/.ssh/$name")" = readable ]; then
      printf 'own-key %s\n' "$(printf %s "$home/.ssh/$name" | encode)"
      return
    fi
  done
}

print_settings() {
  config=$(variable HYDRA_CONFIG)
  if [ "$source" = unit ]; then config=${config:-/var/lib/hydra/hydra.conf}; fi
  seconds='unset'
  if [ -n "$config" ] && [ -r "$view$config" ]; then
    found=$(sed -n 's/^[[:space:]]*max_unsupported_time[[:space:]]*=[[:space:]]*\([0-9]\{1,9\}\)[[:space:]]*$/\1/p' "$view$config" | tail -n 1)
    seconds=${found:-unset}
  elif [ "$source" = none ] || [ -n "$config" ]; then
    seconds='unknown'
  fi
  printf 'unsupported %s %s\n' "$seconds" "$(printf %s "$config" | encode)"
}

find_runner
printf 'hydra-autoscaler 1 inspect\nrunner %s %s %s\n' "$source" "$(printf %s "$runner_user" | encode)" "$(printf %s "$program" | encode)"
print_files
print_directory
print_keys
print_settings
printf 'end\n'
