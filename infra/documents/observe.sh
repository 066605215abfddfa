# shellcheck shell=sh disable=SC2154
# One look at the Hydra host: the queue status, the machines file's checksum, and whether waiting machines can be reached.
# Prints a few header lines, then the status as base64 of gzip; what does not fit into one answer is kept for `fetch`.

# The name Nix has for this kind of host.
host_system() {
  cpu=$(uname -m)
  case $cpu in
  amd64) cpu=x86_64 ;;
  arm64) cpu=aarch64 ;;
  i?86) cpu=i686 ;;
  esac
  printf '%s-%s\n' "$cpu" "$(uname -s | tr '[:upper:]' '[:lower:]')"
}

pids=
number=0
if [ -s "$work/probes" ]; then prepare_probes; fi
while read -r instance address port login key host_key64 || [ -n "$instance" ]; do
  number=$((number + 1))
  probe "$number" "$address" "$port" "$login" "$key" "$host_key64" &
  pids="$pids $!"
done <"$work/probes"

run_status
project || cp "$work/status" "$work/projected"
gzip -9 -n -c "$work/projected" | encode >"$work/payload"
[ -s "$work/payload" ] || fail 69 'needs gzip and base64 on this host, and space in the temporary directory'

machines_file=none
if [ -f "$file" ]; then machines_file="$(sha256 "$file") $(modified "$file")"; fi
if is_unnamed "$file"; then machines_file="$machines_file unnamed"; fi
place=$(place_problem "$file")
now=$(date +%s)
for pid in $pids; do wait "$pid"; done

payload_sha256=$(sha256 "$work/payload")
length=$(wc -c <"$work/payload" | tr -d ' ')
{
  printf 'hydra-autoscaler 1 observe\nexit %s\nclock %s\nsystem %s\n' "$status_exit" "$now" "$(host_system)"
  printf 'file %s\nstderr %s\n' "$machines_file" "$(tail -c 1024 "$work/stderr" | encode)"
  if [ -n "$place" ]; then printf 'place %s\n' "$(printf %s "${place#* }" | encode)"; fi
  number=0
  while read -r instance address port login key host_key64 || [ -n "$instance" ]; do
    number=$((number + 1))
    printf 'probe %s %s\n' "$instance" "$(probe_result "$number")"
  done <"$work/probes"
  printf 'payload %s %s\n' "$payload_sha256" "$length"
} >"$work/answer"

room=$((answer_characters - $(wc -c <"$work/answer")))
if [ "$length" -gt "$room" ]; then
  if ! kept=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX") || ! cp "$work/payload" "$kept/$payload_sha256"; then
    fail 73 "cannot write in $tmp"
  fi
fi
cat "$work/answer"
head -c "$room" "$work/payload"
printf '\n'
