# shellcheck shell=sh disable=SC2154
# Evaluations that the plan does not know yet, or that it is to launch for by now. The database is asked by one look at an index.
evaluations_seconds=4

# One that has only fetched its inputs and found them as they were is over by then, and of a jobset that has not brought builds
# twice nothing is expected (measured: docs/develop/facts.md#evaluations-are-seen-in-the-database).
evaluations_question="select project || ':' || name from jobsets
where starttime > $since and starttime <= extract(epoch from now()) - 10 and project || ':' || name ~ '^[A-Za-z0-9_.:-]{1,200}\$'
and (select count(*) from (select 1 from jobsetevals where jobset_id = jobsets.id and hasnewbuilds = 1 limit 2) two) = 2
order by starttime limit 50"

asks_evaluations=no
if grep -q '^evaluations ' "$work/watched"; then
  asks_evaluations=yes
  find_runner
  cat "$work/environment" >>"$work/environ"
fi

# evaluating: the first thing to tell of evaluations, in one line, or nothing.
evaluating() {
  if [ "$asks_evaluations" = no ]; then return; fi
  due=$(sed -n 's/^due //p' "$work/watched" | head -n 1)
  if [ "${due:-0}" -gt 0 ] && [ "$(date +%s)" -ge "$due" ]; then
    printf 'due %s\n' "$due"
    return
  fi
  ask_psql "$evaluations_seconds" "$evaluations_question" 2>/dev/null |
    awk 'part == 1 { if ($1 == "unlikely") unlikely[$2]; next }
      NF == 1 && $1 ~ /^[A-Za-z0-9_.:-]+$/ && !($1 in unlikely) { print "evaluating", $1; exit }' part=1 "$work/watched" part=2 -
}
