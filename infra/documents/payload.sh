# shellcheck shell=sh disable=SC2034,SC2154
# The payload of an answer: base64 of gzip. What does not fit into one answer is kept for `fetch`.
# SSM cuts an answer off at 24,000 characters.
answer_characters=23000

# pack FILE: leaves the payload in $work/payload, its checksum in $payload_sha256 and its length in $length.
pack() {
  gzip -9 -n -c "$1" | encode >"$work/payload"
  [ -s "$work/payload" ] || fail 69 'needs gzip and base64 on this host, and space in the temporary directory'
  payload_sha256=$(sha256 "$work/payload")
  length=$(wc -c <"$work/payload" | tr -d ' ')
}

# print_payload ROOM: as many characters as there is room for, behind what is in $work/answer.
print_payload() {
  if [ "$length" -gt "$1" ]; then
    if ! kept=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX") || ! cp "$work/payload" "$kept/$payload_sha256"; then
      fail 73 "cannot write in $tmp"
    fi
  fi
  cat "$work/answer"
  head -c "$1" "$work/payload"
  printf '\n'
}
