# shellcheck shell=sh disable=SC2154
# Runs on a builder: how many processes serve its store now, and its public host key.
# Prints `v1 COUNT KEY`: `-` for a count that cannot be had here, KEY in base64 or `-`.

# A program with nix in its name (the name may be that of a wrapper) and --serve (ssh://) or --stdio (ssh-ng://) as an argument.
serves_a_store() {
  name=
  read -r name <"$1/comm" || return 1
  case $name in *nix*) ;; *) return 1 ;; esac
  tr '\0' '\n' <"$1/cmdline" | grep -q -x -e --serve -e --stdio
} 2>/dev/null

count=-
if [ -r "$root/proc/self/comm" ]; then
  count=0
  for process in "$root"/proc/[0-9]*; do
    if serves_a_store "$process"; then count=$((count + 1)); fi
  done
fi
key=-
if [ -r "$root/etc/ssh/ssh_host_ed25519_key.pub" ]; then
  key=$(head -n 1 "$root/etc/ssh/ssh_host_ed25519_key.pub" | encode)
fi
printf 'v1 %s %s\n' "$count" "${key:--}"
