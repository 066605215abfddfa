# shellcheck shell=sh disable=SC2154
# What the Rust queue runner has queued, by system and required features. It answers with names of derivations by system;
# what they require has to be read from their files (measured: docs/develop/facts.md#required-features-are-in-the-derivations-alone).
steps_max=200000
kinds_max=500
required_seconds=8

# Leaves in $work/steps one line a step that is neither finished nor cancelled: the name of its derivation (`-` where that is
# none), its system, and 1 where it was given to a machine; and in $work/scheduled the names of all that were. Fails with 3
# where the answer has another form, with 4 where it has too many steps.
read_steps() {
  : >"$work/given"
  tr '{' '\n' <"$work/queues" | awk -v max="$steps_max" -v given="$work/given" '
    BEGIN { platform = "?" }
    /"drvPath"/ {
      if (!match($0, /"drvPath":"[^"]*"/) || !/"alreadyScheduled":(true|false)/ ||
        !/"finished":(true|false)/ || !/"cancelled":(true|false)/) { code = 3; exit }
      if (++count > max) { code = 4; exit }
      name = substr($0, RSTART + 11, RLENGTH - 12)
      sub(/^.*\//, "", name)
      if (name !~ /\.drv$/ || name ~ /[^A-Za-z0-9+._?=-]/ || substr(name, 33, 1) != "-" || substr(name, 1, 32) ~ /[^0-9a-z]/) name = "-"
      if (/"alreadyScheduled":true/) print name >given
      if (!/"finished":true/ && !/"cancelled":true/) print name, platform, (/"alreadyScheduled":true/ ? 1 : 0)
    }
    /":\[$/ {
      platform = "?"
      if (match($0, /(^|,)"[A-Za-z0-9][A-Za-z0-9._+-]*":\[$/)) { platform = substr($0, RSTART, RLENGTH - 3); gsub(/[,"]/, "", platform) }
    }
    END { exit code + 0 }' >"$work/steps" && mv "$work/given" "$work/scheduled"
}

# count_kinds FILE: a line a kind of $work/steps, with what FILE says is required.
count_kinds() {
  awk '
    part == 1 { if ($2 != "-") required[$1] = ":" $2; next }
    { kind = $2 (($1 in required) ? required[$1] : ""); kinds[kind]; if ($3) running[kind]++; else runnable[kind]++ }
    END { for (kind in kinds) print "kind", kind, runnable[kind] + 0, running[kind] + 0 }' \
    part=1 "$1" part=2 "$work/steps" | sort
}

# count_systems: a line a system, as the status itself has them.
count_systems() {
  tr '{' '\n' <"$work/rest" | awk '
    function number(name) { return match($0, "\"" name "\":[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 : 0 }
    inside && /^}/ { exit }
    inside && /"totalRunnable"/ {
      ran[platform] += number("activeRunnable")
      queued[platform] += number("totalRunnable")
      if (/}}/) exit
    }
    inside { platform = match($0, /(^|,)"[A-Za-z0-9][A-Za-z0-9._+-]*":$/) ? substr($0, RSTART, RLENGTH - 2) : "?"; gsub(/[,"]/, "", platform) }
    /"queueStats":$/ { inside = 1 }
    END {
      for (platform in queued) {
        waits = queued[platform] - ran[platform]
        if (queued[platform] + ran[platform] > 0) print "kind", platform, (waits > 0 ? waits : 0), ran[platform]
      }
    }' | sort
}

# by_systems FILE WHY
by_systems() {
  printf 'kinds systems %s\n' "$(printf %s "$2" | encode)"
  cat "$1"
}

# print_kinds HTTP_CODE CURL_EXIT: of the answer in $work/queues.
print_kinds() {
  if [ "$1" != 200 ] || [ "$2" -ne 0 ]; then
    set -- "$1" "$2" "no answer to /status/queues (HTTP $1, curl $2)"
  else
    read_steps
    case $? in
    0) set -- "$1" "$2" '' ;;
    4) set -- "$1" "$2" "more than $steps_max steps are queued" ;;
    *) set -- "$1" "$2" 'the answer to /status/queues has another form than is known' ;;
    esac
  fi
  if [ -n "$3" ]; then
    count_systems >"$work/kinds"
    by_systems "$work/kinds" "$3"
    return
  fi
  read_required "$required_seconds"
  obstacle=$?
  count_kinds "$work/features" >"$work/kinds"
  if [ "$obstacle" -eq 0 ] && [ "$(grep -c '' "$work/kinds")" -gt "$kinds_max" ]; then obstacle=3; fi
  case $obstacle in
  0)
    printf 'kinds features -\n'
    cat "$work/kinds"
    return
    ;;
  2) why="none of the queued derivations can be read in $store" ;;
  3) why="there are more than $kinds_max kinds of steps" ;;
  *) why="$(cat "$work"/chunks/* | grep -c '') of $(grep -c '' "$work/unknown") new derivations could not be read within $required_seconds s" ;;
  esac
  count_kinds /dev/null >"$work/kinds"
  by_systems "$work/kinds" "$why"
}
