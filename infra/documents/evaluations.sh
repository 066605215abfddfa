# shellcheck shell=sh disable=SC2154
# Which jobsets are being evaluated, or were until a moment ago, and what their last evaluations brought: builds are queued
# when an evaluation ends, so that it is known minutes before. What cannot be found out costs nothing but that notice.
evaluations_seconds=4
harvest_seconds=3

# Of so many jobsets, and of so many builds of each of their last three evaluations that brought any: those that were built
# already are no work. Whatever jobset has another name than Hydra itself lets in is left out.
# (measured: docs/develop/facts.md#evaluations-are-seen-in-the-database)
evaluations_question="with running as (select id, project || ':' || name as jobset, starttime, lastcheckedtime from jobsets
where (starttime is not null or lastcheckedtime > extract(epoch from now()) - 120) and project || ':' || name ~ '^[A-Za-z0-9_.:-]{1,200}\$'
order by starttime is null, starttime desc, lastcheckedtime desc limit 8),
evals as (select jobset, eval.* from running cross join lateral (select id, timestamp as at, checkouttime + evaltime as seconds
from jobsetevals where jobset_id = running.id and hasnewbuilds = 1 order by id desc limit 3) eval)
select 'evaluation ' || jobset || ' ' || coalesce(starttime::text, '-') || ' ' || coalesce(lastcheckedtime::text, '-') from running
union all select 'eval ' || id || ' ' || jobset || ' ' || at || ' ' || seconds from evals
union all select 'build ' || evals.id || ' ' || system || ' ' || regexp_replace(drvpath, '^.*/', '') from evals
cross join lateral (select system, drvpath from jobsetevalmembers join builds on builds.id = build
where eval = evals.id and isnew = 1 and coalesce(iscachedbuild, 0) = 0 limit 500) build"

# print_harvests: of $work/told, with what $work/features says is required; a derivation that is gone tells its system alone.
print_harvests() {
  # All of it is short, whatever features there are.
  awk '
    part == 1 { if ($2 != "-") required[$1] = ":" $2; next }
    $1 == "evaluation" && NF == 4 { print; next }
    $1 == "eval" && NF == 5 { order[++count] = $2; head[$2] = "harvest " $3 " " $4 " " $5; next }
    $1 == "build" && NF == 4 && $3 ~ /^[A-Za-z0-9_.+-]+$/ {
      kind = $3 (($4 in required) ? required[$4] : "")
      if (builds[$2 " " kind]++ == 0 && ++kinds[$2] <= 10) names[$2] = names[$2] " " kind
    }
    END {
      for (i = 1; i <= count; i++) {
        line = head[order[i]]
        n = split(names[order[i]], all, " ")
        for (j = 1; j <= n; j++) line = line " " all[j] " " builds[order[i] " " all[j]]
        told += length(line) + 1
        if (told <= 6000) print line
      }
    }' part=1 "$work/features" part=2 "$work/told"
}

# find_evaluations: leaves in $work/evaluations what there is to tell, or nothing. Run in the background, where it has its own of everything.
find_evaluations() {
  found=$work/evaluations
  mkdir "$work/notice" && cp "$work/required.awk" "$work/environment" "$work/notice" || return
  work=$work/notice
  # shellcheck disable=SC2034
  known=$known_directory/harvests-1
  find_runner
  cat "$work/environment" >>"$work/environ"
  ask_psql "$evaluations_seconds" "$evaluations_question" >"$work/told" 2>/dev/null || return
  awk '$1 == "build" && $4 ~ /^[0-9a-z]*-[A-Za-z0-9+._?=-]*\.drv$/ { print $4, $3, 0 }' "$work/told" >"$work/steps"
  read_required "$harvest_seconds"
  print_harvests >"$found"
}

: >"$work/evaluations"
# begin_evaluations, end_evaluations: beside everything else, where anybody wants to know.
begin_evaluations() {
  notice_process=
  if [ -z "$launch_ahead64" ] || ! has awk || ! has xargs || ! has split; then return; fi
  find_evaluations &
  notice_process=$!
}
end_evaluations() { if [ -n "$notice_process" ]; then wait "$notice_process"; fi; }
