# shellcheck shell=sh disable=SC2154
# One look at the Hydra host. With the C++ queue runner: the queue status, the machines file's checksum, and whether waiting machines can be reached.
# Prints a few header lines, then the status as base64 of gzip; what does not fit into one answer is kept for `fetch`.

# Whatever answers tells which queue runner this host has; where none does, the unit of the Rust one.
if [ "$runner" != cpp ]; then
  ask_status
  if [ "$runner" = rust ] || is_rust rest; then
    observe_rust
    exit
  fi
fi

pids=
number=0
if [ -s "$work/probes" ]; then prepare_probes; fi
while read -r instance address port login key host_key64 || [ -n "$instance" ]; do
  number=$((number + 1))
  probe "$number" "$address" "$port" "$login" "$key" "$host_key64" &
  pids="$pids $!"
done <"$work/probes"

begin_evaluations
run_status
if [ "$runner" = auto ] && ! has_status && [ "$(rest_unit)" != - ]; then
  for pid in $pids; do wait "$pid"; done
  end_evaluations
  rm -rf "$work/notice"
  observe_rust
  exit
fi
project || cp "$work/status" "$work/projected"
pack "$work/projected"

machines_file=none
if [ -f "$file" ]; then machines_file="$(sha256 "$file") $(modified "$file")"; fi
if is_unnamed "$file"; then machines_file="$machines_file unnamed"; fi
place=$(place_problem "$file")
now=$(date +%s)
end_evaluations
for pid in $pids; do wait "$pid"; done

{
  printf 'hydra-autoscaler 1 observe\nexit %s\nclock %s\nsystem %s\n' "$status_exit" "$now" "$(host_system)"
  printf 'file %s\nstderr %s\n' "$machines_file" "$(tail -c 1024 "$work/stderr" | encode)"
  if [ -n "$place" ]; then printf 'place %s\n' "$(printf %s "${place#* }" | encode)"; fi
  number=0
  while read -r instance address port login key host_key64 || [ -n "$instance" ]; do
    number=$((number + 1))
    printf 'probe %s %s\n' "$instance" "$(probe_result "$number")"
  done <"$work/probes"
  cat "$work/evaluations"
  printf 'payload %s %s\n' "$payload_sha256" "$length"
} >"$work/answer"

print_payload $((answer_characters - $(wc -c <"$work/answer")))
