# shellcheck shell=sh disable=SC2154
# What a status says of what is watched: the first thing that would change the plan, in one line, or nothing. Keys are
# recognised by what stands before them; whatever name the queue has for a kind, only plain ones are told.

cat >"$work/found.awk" <<'AWK'
function number(name) { return match($0, "\"" name "\":[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 : 0 }
function host(key) {
  sub(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "", key)
  sub(/[\/?#].*$/, "", key)
  sub(/^.*@/, "", key)
  if (key ~ /^\[/) gsub(/^\[|\].*$/, "", key)
  else if (key !~ /:.*:/) sub(/:[0-9]*$/, "", key)
  return tolower(key)
}
function instance(key) { return match(key, /^i-[0-9a-f]+/) ? substr(key, RSTART, RLENGTH) : key }
function saw(key) {
  shown[key]
  jobs[key] += number("currentJobs")
  if (number("lastFailure") > failure[key] + 0) failure[key] = number("lastFailure")
}
part == 1 {
  if ($1 == "kind") most[$2] = $3
  else if ($1 == "unsupported") unsupported = $2
  else if ($1 == "failed") ours[$2]
  else if ($1 == "quiet") awaited[$2]
  next
}
/"status":"up"/ { isUp = 1 }
/"nrRunnableSteps":/ { all = number("nrRunnableSteps"); isCounted = 1 }
/"nrUnsupportedSteps":/ { unable = number("nrUnsupportedSteps") }
{
  following = match($0, /"[^"]*":$/) ? substr($0, RSTART + 1, RLENGTH - 3) : ""
  isOver = name == "" ? /^}/ : /}}/
}
expectsStats { saw(instance(hostname)); expectsStats = 0 }
runner == "rust" && following == "stats" && match($0, /"hostname":"[^"]*"/) {
  hostname = substr($0, RSTART + 12, RLENGTH - 13)
  expectsStats = 1
}
section == "machineTypes" && name != "" { waiting[name] = number("runnable") }
section == "queueStats" && name != "" { waiting[name] = number("totalRunnable") - number("activeRunnable") }
section == "machines" && name != "" { saw(host(name)) }
section != "" && !isOver { name = following; next }
{
  isTable = runner == "cpp" ? following == "machineTypes" || following == "machines" : following == "queueStats"
  section = isTable ? following : ""
  name = ""
}
END {
  if (!isUp) exit
  for (kind in waiting) {
    if (kind !~ /^[A-Za-z0-9_.+-]+(:[A-Za-z0-9_.+-]+(,[A-Za-z0-9_.+-]+)*)?$/ || length(kind) > 1000) continue
    count = runner == "cpp" && isCounted && waiting[kind] > all ? all : waiting[kind]
    limit = kind in most ? most[kind] : 0
    if (limit != "-" && count > limit + 0) { print "more", kind, count; exit }
  }
  if (runner == "cpp" && isCounted && unable > all) unable = all
  if (unsupported != "-" && unable > unsupported + 0) { print "unsupported", unable; exit }
  for (key in awaited) if ((key in shown) && jobs[key] == 0) { print "quiet", key; exit }
  for (key in ours) if ((key in shown) && failure[key] > since + 0) { print "failed", key; exit }
}
AWK

# found FILE: of the status there.
found() {
  tr '{' '\n' <"$1" | awk -v runner="$runner" -v since="$since" -f "$work/found.awk" part=1 "$work/watched" part=2 -
}
