# shellcheck shell=sh disable=SC2154
# Runs on a builder: opens or closes its gate and says so once that is seen. Run twice, the second run changes nothing.
wanted='{{ gate }}'

# A file system that is no gate is never filled.
read -r _ size _ _ _ place <<END
$(df -P -k "$gate_directory" 2>/dev/null | tail -n 1)
END
[ "${place:-}" = "$gate_directory" ] || fail 72 "$gate_directory is no file system of its own, so this machine has no gate"
[ "$size" -le "$gate_kibibytes_max" ] || fail 72 "$gate_directory has $size KiB: too large for a gate, which is filled to be closed"

case $wanted in
close)
  state=closed
  # It grows and is never begun anew, which would open the gate for a moment; that it fills the disk is what it is for.
  head -c $((gate_kibibytes_max * 1024)) /dev/zero >>"$gate_directory/full" 2>/dev/null
  ;;
*)
  state=open
  find "$gate_directory" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
  ;;
esac
found=$(gate_state)
[ "$found" = "$state" ] || fail 74 "the gate in $gate_directory is not $state: $(df -P -k "$gate_directory" 2>&1 | tail -n 1)"
printf 'v1 gate %s\n' "$state"
