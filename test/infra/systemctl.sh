#!/bin/sh
# As much of systemctl as debian.sh asks, for a host without systemd. It says of a unit what systemd says: drop-ins count in
# the order of their names, a later assignment of a variable replaces an earlier one, an empty one all of them, what a shell
# would take for more than a word is quoted, and files of variables are only named.
root=${HYDRA_AUTOSCALER_ROOT:-}
[ "$1" = show ] || exit 0
file=$root/etc/systemd/system/$2
[ -f "$file" ] || { echo LoadState=not-found; exit 0; }
set -- "$file"
for drop_in in "$file".d/*.conf; do [ ! -f "$drop_in" ] || set -- "$@" "$drop_in"; done
echo LoadState=loaded
echo "MainPID=$(cat "$root/main-pid" 2>/dev/null || echo 0)"
awk '
  /^User=/ { user = substr($0, 6) }
  /^EnvironmentFile=/ { files[++count] = substr($0, 17) }
  /^Environment=$/ { split("", value); names = 0 }
  /^Environment=./ {
    gsub(/%%/, "%")
    words = split(substr($0, 13), word, " ")
    for (i = 1; i <= words; i++) {
      name = word[i]; sub(/=.*/, "", name)
      if (!(name in value)) order[++names] = name
      value[name] = word[i] ~ /[$*?;&|]/ ? "\"" word[i] "\"" : word[i]
    }
  }
  END {
    print "User=" user
    line = "Environment="
    for (i = 1; i <= names; i++) line = line (i > 1 ? " " : "") value[order[i]]
    print line
    for (i = 1; i <= count; i++) {
      ignore = sub(/^-/, "", files[i]) ? "yes" : "no"
      print "EnvironmentFiles=" files[i] " (ignore_errors=" ignore ")"
    }
  }' "$@"
shift
echo "DropInPaths=$*"
