# shellcheck shell=sh disable=SC2154
# Slots that are held by steps which are over: no machine is given anything there any more
# (measured: docs/develop/facts.md#a-step-that-ends-without-the-database-keeps-its-slot).

# jobs_in NAME: `MACHINE DERIVATION`, a line a slot, of the status in $work/NAME. What is called by no plain word is left out.
jobs_in() {
  tr '{' '\n' <"$work/$1" | awk '
    /"hostname":/ { machine = match($0, /"hostname":"[A-Za-z0-9._-]+"/) ? substr($0, RSTART + 12, RLENGTH - 13) : "" }
    machine != "" && match($0, /"jobs":\[[^]]*\]/) {
      count = split(substr($0, RSTART + 8, RLENGTH - 9), job, ",")
      for (i = 1; i <= count; i++) {
        gsub(/"/, "", job[i])
        sub(/^.*\//, "", job[i])
        if (job[i] ~ /^[A-Za-z0-9+._?=-]+\.drv$/) print machine, job[i]
      }
      machine = ""
    }'
}

# print_held: of the status in $work/rest, a line a machine. Answers follow each other: only what stands in a slot before and
# after the queue was read, and was nowhere at work in it, is over.
print_held() {
  [ -f "$work/scheduled" ] || return 0
  jobs_in rest | awk 'part == 1 { scheduled[$1]; next } !($2 in scheduled)' part=1 "$work/scheduled" part=2 - >"$work/odd"
  [ -s "$work/odd" ] || return 0
  ask_rest /status again && [ "$(http_of again)" = 200 ] || return 0
  jobs_in again | awk '
    part == 1 { odd[$0]; next }
    $0 in odd { held[$1]++ }
    END { for (machine in held) print "held", machine, held[machine] }' part=1 "$work/odd" part=2 - | sort
}
