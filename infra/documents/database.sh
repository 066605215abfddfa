# shellcheck shell=sh disable=SC2154
# What Hydra's database says, asked as the queue runner: its memory alone does not tell whether that can be reached.
database_seconds=6

# unescaped TEXT: with %20 and the like as what they stand for.
unescaped() {
  left=$1
  while [ "$left" != "${left#*%}" ]; do
    printf %s "${left%%%*}"
    left=${left#*%}
    printf %b "\\0$(printf %03o "0x$(printf %.2s "$left")")"
    left=${left#??}
  done
  printf %s "$left"
}

# Leaves in $connection where psql is to connect to, as the queue runner's environment, its settings or its default have it, and
# in PGPASSWORD a password, which no list of processes may show.
find_database() {
  connection=$(variable HYDRA_DATABASE_URL)
  connection=${connection:-$(setting "${view:-$root}$(settings_file)" dbUrl)}
  if [ -z "$connection" ]; then
    dbi=$(variable HYDRA_DBI)
    connection=$(printf %s "${dbi#dbi:Pg:}" | tr ';' ' ')
  fi
  connection=${connection:-postgres://hydra@%2Frun%2Fpostgresql:5432/hydra}
  case $connection in
  *://*)
    after=${connection#*://}
    login=${after%%[/?]*}
    case $login in
    *:*@*)
      login=${login%@*}
      PGPASSWORD=$(unescaped "${login#*:}")
      connection=${connection%%://*}://${login%%:*}${after#"$login"}
      ;;
    esac
    ;;
  *password=*)
    PGPASSWORD=$(printf '%s\n' "$connection" | sed -n "s/.*password=\([^ ]*\).*/\1/p" | tr -d "'")
    connection=$(printf '%s\n' "$connection" | sed 's/password=[^ ]*//')
    ;;
  esac
  if [ -n "${PGPASSWORD:-}" ]; then export PGPASSWORD; fi
}

# The paths of units that may know where psql is, where nobody else does.
unit_paths() {
  systemctl show --property=Environment --value hydra-init.service hydra-server.service hydra-notify.service \
    postgresql.service 2>/dev/null | tr ' ' '\n' | sed -n 's/^"\{0,1\}PATH=\([^"]*\).*/\1/p' | tr '\n' ':'
}

# Names are those that machines gave themselves.
machine="coalesce(nullif(replace(encode(convert_to(machine, 'UTF8'), 'base64'), chr(10), ''), ''), '-')"
# What a machine could not even begin is aborted within two seconds: so many since it last built anything, good or bad, and
# when the last one was (measured: docs/develop/facts.md#a-broken-builder-of-the-rust-runner-takes-every-step).
# One statement, so that the numbers are of one moment.
question="with recent as (select machine, status, starttime, stoptime from buildsteps
where busy = 0 and starttime is not null and stoptime is not null and stoptime > extract(epoch from now()) - 3600),
built as (select machine, max(stoptime) as at from recent where status in (0, 1) group by machine)
select 'unfinished ' || count(*) from builds where finished = 0
union all select 'busy ' || $machine || ' ' || count(*) from buildsteps where busy <> 0 group by machine
union all select 'spoilt ' || $machine || ' ' || count(*) || ' ' || max(stoptime) from recent left join built using (machine)
where status = 3 and stoptime - starttime <= 2 and starttime > coalesce(at, 0) group by machine"

# ask_psql SECONDS QUESTION: prints the answer.
ask_psql() {
  PATH=$PATH:$(unit_paths)
  if [ -z "$runner_user" ]; then
    runner_user=$me
    if id -u hydra-queue-runner >/dev/null 2>&1; then runner_user=hydra-queue-runner; fi
  fi
  find_database
  pass_file=$(variable PGPASSFILE)
  as_queue_runner "$1" env PGCONNECT_TIMEOUT=3 ${pass_file:+"PGPASSFILE=$pass_file"} \
    psql -X -q -w -A -t -v ON_ERROR_STOP=1 -d "$connection" -c "$2" </dev/null
}

# ask_database: leaves its answer in $work/database, or nothing there and what went wrong in $work/database.err.
ask_database() {
  ask_psql "$database_seconds" "$question" >"$work/database" 2>"$work/database.err"
  case $? in
  0) if grep -q -v -x -E 'unfinished [0-9]{1,12}|busy [A-Za-z0-9+/=-]+ [0-9]{1,9}|spoilt [A-Za-z0-9+/=-]+ [0-9]{1,9} [0-9]{1,12}' "$work/database" ||
    [ "$(grep -c '^unfinished ' "$work/database")" != 1 ]; then
    head -c 200 "$work/database" >"$work/database.err"
    : >"$work/database"
  fi ;;
  124 | 137 | 143)
    printf 'no answer within %s s\n' "$database_seconds" >"$work/database.err"
    : >"$work/database"
    ;;
  *) : >"$work/database" ;;
  esac
}

# print_unfinished: the lines `unfinished` and `database`.
print_unfinished() {
  if [ -s "$work/database" ]; then
    grep '^unfinished ' "$work/database"
    printf 'database -\n'
  else
    why=$(tr -s '\n\t' '  ' <"$work/database.err" | head -c 400)
    printf 'unfinished -\ndatabase %s\n' "$(printf %s "${why:-psql said nothing}" | encode)"
  fi
}
