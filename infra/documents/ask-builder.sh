# shellcheck shell=sh disable=SC2154
# Runs on a builder: how its hydra-builder is, and its gate. Prints `v1 builder STATE EXIT_STATUS GATE JOURNAL`: the state of
# the unit and the exit status of its last run, `-` where they cannot be had; `open`, `closed` or `-`; what the unit itself
# said last, in base64, or `-`. Its lines can have kilobytes, and what it died of is not the last of them
# (measured: docs/develop/facts.md#what-hydra-builder-dies-of-stands-above-its-last-lines).
unit=hydra-builder.service
journal_lines=60
line_bytes=300
journal_bytes=8000

# unit_says PROPERTY: what systemd says of it, where that is a plain word.
unit_says() {
  said=$(systemctl show --property="$1" --value "$unit" 2>/dev/null | head -n 1)
  case $said in
  '' | *[!a-z0-9-]*) printf '%s\n' - ;;
  *) printf '%s\n' "$said" ;;
  esac
}

# Without what systemd says of it.
journal=$(journalctl "_SYSTEMD_UNIT=$unit" --lines="$journal_lines" --output=cat --no-pager 2>/dev/null |
  cut -b "1-$line_bytes" | tail -c "$journal_bytes" | encode)
printf 'v1 builder %s %s %s %s\n' "$(unit_says ActiveState)" "$(unit_says ExecMainStatus)" "$(gate_state)" "${journal:--}"
