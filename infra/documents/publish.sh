# shellcheck shell=sh disable=SC2154
# Puts the machines file in place whole: a temporary file beside it, checked, then renamed over it. The queue runner looks
# at inode and modification time, so a rename is one clean change. Run twice, the second run finds nothing to do.
content64='{{ content }}'
wanted='{{ sha256 }}'
republish='{{ republish }}'
replaced='{{ replaced }}'

target=$(decode "$machines_file64")
problem=$(place_problem "$target")
[ -z "$problem" ] || fail "${problem%% *}" "${problem#* }"
# One that does not say whose it is may have become another's since it was looked at.
if is_unnamed "$target" && [ "$(sha256 "$target")" != "$replaced" ]; then
  fail 65 "$target was written by hydra-autoscaler, but does not say for which farm: give host.machinesFile a path of its own, or remove that file if no farm uses it"
fi
directory=${target%/*}/

# Only ever called once per run, so that one trap is enough.
write() {
  # What runs that were killed left behind.
  find "$directory" -maxdepth 1 -type f -name '.hydra-autoscaler.*' -mmin +15 -exec rm -f {} + 2>/dev/null
  temporary=$(mktemp "$directory.hydra-autoscaler.XXXXXX") || fail 73 "cannot write in $directory: see the message above"
  trap 'rm -f "$temporary"' EXIT
  trap 'exit 75' HUP INT TERM
  decode "$content64" | gzip -dc >"$temporary" || fail 74 "cannot write in $directory: the disk may be full"
  [ "$(sha256 "$temporary")" = "$wanted" ] || fail 74 "the content arrived damaged or $directory is full: the old file is untouched"
  # The web server reads it too, as another user.
  chmod 0644 "$temporary" || fail 74 "cannot change the mode of a file in $directory"
  mv -f "$temporary" "$target" || fail 74 "cannot rename a file in $directory: the old file is untouched"
}

outcome=unchanged
if [ "$republish" = yes ] || [ ! -f "$target" ] || [ "$(sha256 "$target")" != "$wanted" ]; then
  write
  outcome=written
fi
found=$(sha256 "$target")
[ "$found" = "$wanted" ] || fail 74 "$target was changed by somebody else meanwhile"
printf 'hydra-autoscaler 1 publish\n%s %s %s\nclock %s\n' "$outcome" "$found" "$(modified "$target")" "$(date +%s)"
