# shellcheck shell=sh disable=SC2154
# The gate of a builder: a tiny file system of its own, whose free space hydra-builder reports with every ping. The queue
# runner gives no work to a machine that has too little of it, and leaves what is already being built alone.
gate_directory=$root/run/hydra-drain
# In any larger file system free space says nothing of a gate, and filling it would do harm.
gate_kibibytes_max=1024

# gate_state: `open`, `closed`, or `-` where there is no gate, or one that is neither.
gate_state() {
  state=-
  if read -r _ size _ free _ place &&
    [ "$place" = "$gate_directory" ] && [ "$size" -gt 0 ] && [ "$size" -le "$gate_kibibytes_max" ]; then
    if [ "$free" -eq 0 ]; then
      state=closed
    elif [ $((free * 10)) -ge $((size * 9)) ]; then
      state=open
    fi
  fi 2>/dev/null <<END
$(df -P -k "$gate_directory" 2>/dev/null | tail -n 1)
END
  printf '%s\n' "$state"
}
