# shellcheck shell=sh disable=SC2154
# Prints a further part of a status that was too long for one answer. The snapshot is the one `observe` took: it is found by
# its checksum and checked against it, so a file planted under its name is never printed.
wanted='{{ sha256 }}'
offset='{{ offset }}'

found=
for snapshot in "${TMPDIR:-/tmp}"/hydra-autoscaler.*/"$wanted"; do
  if [ -f "$snapshot" ] && [ "$(sha256 "$snapshot")" = "$wanted" ]; then
    found=$snapshot
    break
  fi
done
[ -n "$found" ] || fail 66 'that snapshot of the queue status is gone: it is kept for 15 minutes'
printf 'hydra-autoscaler 1 fetch\npart %s %s\n' "$wanted" "$offset"
tail -c "+$((offset + 1))" "$found" | head -c 22800
printf '\n'
