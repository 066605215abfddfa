# shellcheck shell=sh disable=SC2154
# One look at a Hydra host with the Rust queue runner: its status, what it has queued and what the database says. Prints a few
# header lines with the rest packed; what does not fit into one answer is kept for `fetch`.

# Asks the queue runner for its status; leaves curl's exit code in $rest_exit.
ask_status() {
  ask_rest /status rest
  rest_exit=$?
}

# The queue runner is asked nothing more where it does not answer: each question would wait for as long again.
ask_more() {
  if [ "$rest_exit" -ne 0 ] || ! is_rust rest; then
    by_systems /dev/null "the queue runner does not answer (HTTP $(http_of rest), curl $rest_exit)"
    return
  fi
  ask_rest /status/build/1/active active &
  active_process=$!
  ask_rest /status/queues queues
  queues_exit=$?
  print_kinds "$(http_of queues)" "$queues_exit"
  print_held >"$work/held"
  wait "$active_process"
}

print_status() {
  if is_rust rest; then
    reduce_status rest
  else
    head -c 2000 "$work/rest" 2>/dev/null
  fi
}

# Prints the answer.
observe_rust() {
  for tool in awk sed sort xargs split; do
    has "$tool" || fail 69 "needs $tool on this host"
  done
  find_runner
  begin_evaluations
  ask_database &
  database_process=$!
  ask_more >"$work/demand"
  wait "$database_process"
  end_evaluations
  {
    printf 'rest %s\ncurl %s %s\nunit %s\nactive %s\n' "$rest" "$rest_exit" "$(http_of rest)" "$(rest_unit)" "$(http_of active)"
    print_unfinished
    cat "$work/demand"
    grep '^busy ' "$work/database"
    grep '^spoilt ' "$work/database"
    cat "$work/held" 2>/dev/null
    cat "$work/evaluations"
    printf 'json\n'
    print_status
  } >"$work/look"
  pack "$work/look"
  printf 'hydra-autoscaler 1 observe-rust\nclock %s\nsystem %s\nstatus %s %s ' \
    "$(date +%s)" "$(host_system)" "$payload_sha256" "$length" >"$work/answer"
  print_payload $((answer_characters - $(wc -c <"$work/answer") - 5))
  printf 'end\n'
}
