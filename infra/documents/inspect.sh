# shellcheck shell=sh disable=SC2154
# What surrounds the queue runner on the Hydra host, for people who ask why nothing happens. Changes nothing. With the Rust
# queue runner the answer has a form of its own.
file=$(decode "$machines_file64")
runner=$(decode "$runner64")
rest=$(decode "$rest_url64")
tmp=${TMPDIR:-/tmp}
files_max=20

work=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX") || fail 73 "cannot write in $tmp"
trap 'rm -rf "$work"' EXIT
trap 'exit 75' HUP INT TERM
decode "$ssh_keys64" >"$work/keys"

# yes_no COMMAND...
yes_no() { if "$@"; then printf yes; else printf no; fi; }

# is_ours PATH: the same file as ours, whatever each side calls it; before it is there, the same name in the same directory.
is_ours() {
  if [ -z "$view" ] && [ "$1" = "$file" ]; then return; fi
  if [ -e "$view$1" ] && [ -e "$file" ]; then
    [ "$(inode "$view$1")" = "$(inode "$file")" ]
  else
    [ "${1##*/}" = "${file##*/}" ] && [ -d "$view${1%/*}/" ] && [ "$(inode "$view${1%/*}/")" = "$(inode "${file%/*}/")" ]
  fi
}

# state_of PATH: what the queue runner meets there when it reads a machines file. It takes for an empty file what it can see
# is not there, and for anything else that is no readable file it refuses all of them.
state_of() {
  if [ -d "$view$1" ]; then
    printf directory
  elif [ -e "$view$1" ]; then
    access "$1"
  elif [ -L "$view$1" ]; then
    printf dangling
  else
    parent=${1%/*}
    while [ -n "$parent" ] && [ ! -e "$view$parent" ]; do parent=${parent%/*}; done
    if [ ! -d "$view$parent/" ]; then
      printf unreadable
    elif [ "$(access "$parent/")" = unreadable ]; then
      printf unreadable
    else
      printf missing
    fi
  fi
}

# included_by FILE: one `@path` per line, as Nix knows them.
included_by() { sed 's/#.*//' "$1" | tr ';' '\n' | sed -n 's/^[[:space:]]*@[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1/p'; }

# print_file PATH IS_OURS: its state, and of a file that is not ours what it says, while there is room in the answer.
print_file() {
  state=$(state_of "$1")
  content=-
  if [ "$2" = no ] && [ -f "$view$1" ] && [ -r "$view$1" ]; then
    content=$(gzip -9 -n -c "$view$1" | encode)
    included_by "$view$1" >>"$work/files"
    if [ "${#content}" -gt "$room" ]; then content=-; fi
    room=$((room - ${#content}))
  fi
  printf 'file %s %s %s %s\n' "$2" "$state" "$(printf %s "$1" | encode)" "$content"
}

print_files() {
  room=16000
  listed=$(variable NIX_REMOTE_SYSTEMS | tr -s : '\n')
  if [ -n "$listed" ]; then
    told=files
  elif has_variable NIX_REMOTE_SYSTEMS; then
    told=nothing
  else
    told='unset'
    listed=/etc/nix/machines
  fi
  printf 'told %s\n' "$told"
  printf '%s\n' "$listed" | head -n "$files_max" >"$work/files"
  while IFS= read -r path || [ -n "$path" ]; do
    if [ -n "$path" ]; then printf 'reads %s\n' "$(printf %s "$path" | encode)"; fi
  done <"$work/files"
  # It grows while it is read: files include others.
  : >"$work/printed"
  while IFS= read -r path; do
    if [ -z "$path" ] || grep -q -x -F -e "$path" "$work/printed"; then continue; fi
    printf '%s\n' "$path" >>"$work/printed"
    if [ "$(grep -c '' "$work/printed")" -gt "$files_max" ]; then break; fi
    print_file "$path" "$(yes_no is_ours "$path")"
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

# The keys ssh would try by itself: what it says of its configuration, and where it says nothing the usual ones.
keys_ssh_takes() {
  if [ -n "$runner_user" ] && [ -z "$view" ] && has ssh; then
    as_queue_runner 5 ssh -G builder.invalid 2>/dev/null </dev/null | sed -n "s,^identityfile ~/,$home/,p; s,^identityfile /,/,p"
  fi
  for name in id_ed25519 id_ecdsa id_rsa; do printf '%s\n' "$home/.ssh/$name"; done
}

print_keys() {
  home=$(variable HOME)
  home=${home:-$(home_of "$runner_user")}
  home=${home:-/nonexistent}
  while IFS= read -r key || [ -n "$key" ]; do
    printf 'key %s %s\n' "$(access "$key")" "$(printf %s "$key" | encode)"
  done <"$work/keys"
  keys_ssh_takes >"$work/own-keys"
  while IFS= read -r key; do
    if [ -f "$view$key" ] && [ "$(access "$key")" = readable ]; then
      printf 'own-key %s\n' "$(printf %s "$key" | encode)"
      return
    fi
  done <"$work/own-keys"
}

# The lines of hydra.conf that may be about the one setting of interest; whoever reads the answer knows how they are read.
print_settings() {
  config=$(variable HYDRA_CONFIG)
  known=yes
  lines=
  if [ "$source" = unit ]; then config=${config:-/var/lib/hydra/hydra.conf}; fi
  if [ -n "$config" ] && [ -e "$view$config" ]; then
    if [ -r "$view$config" ]; then
      lines=$(grep -a -e max_unsupported_time "$view$config" | tail -n 20 | head -c 2000 | encode)
    else
      known=no
    fi
  elif [ "$source" != process ]; then
    known=no
  fi
  printf 'settings %s %s %s\n' "$known" "$(printf %s "$config" | encode)" "$lines"
}

find_runner
if [ "$runner" != cpp ]; then
  ask_rest /status rest
  if [ "$runner" = rust ] || is_rust rest || [ "$(rest_unit)" != - ]; then
    inspect_rust
    exit
  fi
fi
printf 'hydra-autoscaler 1 inspect\nrunner %s %s %s\n' "$source" "$(printf %s "$runner_user" | encode)" "$(printf %s "$program" | encode)"
print_files
print_directory
print_keys
print_settings
printf 'end\n'
